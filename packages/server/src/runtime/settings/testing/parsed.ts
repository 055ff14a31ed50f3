// The settings as the tests give them: what is parsed of them, or what is wrong with them.
import { parseSettings, type Settings, SettingsError } from '../settings.ts';

/** `folder`: where paths begin that are not absolute. */
export function settingsFrom(folder: () => string) {
  function parse(environment: Record<string, string> = {}, ...flags: string[]): Settings {
    return parseSettings({ environment, arguments: flags, workingDirectory: folder() });
  }
  function problems(environment: Record<string, string>, ...flags: string[]): readonly string[] {
    try {
      parse(environment, ...flags);
    } catch (error) {
      if (error instanceof SettingsError) return error.problems;
      throw error;
    }
    return [];
  }
  return { parse, problems };
}
