/** What was sent to one endpoint, and what it answered. */
export interface Exchange {
  request: URLSearchParams;
  status: number;
  response: Record<string, unknown>;
}

/** A `fetch` that remembers the last exchange with each address. */
export class Recorder {
  readonly #exchanges = new Map<string, Exchange>();

  readonly fetch = async (url: string, request: RequestInit): Promise<Response> => {
    this.#exchanges.delete(url);
    const response = await fetch(url, request);
    const parameters = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    this.#exchanges.set(url, {
      request: parameters,
      status: response.status,
      response: await response
        .clone()
        .json()
        .catch(() => ({})),
    });
    return response;
  };

  find(url: string | undefined): Exchange | undefined {
    return url === undefined ? undefined : this.#exchanges.get(url);
  }
}
