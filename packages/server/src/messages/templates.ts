// What the messages say, in Liquid with Auth0's variables: `application.name`, `user.email`, `friendly_name`, `url`,
// `code`, `inviter.name` and `organization.name`. `lifetime` is in words.
import type { MailTemplate, TextTemplate } from '../model/message.ts';

export interface MailText {
  subject: string;
  heading: string;
  lead: string;
  /** On the button, where the mail has a link. */
  button: string;
  note: string;
}

export const mailTexts: Record<MailTemplate, MailText> = {
  verify_email: {
    subject: 'Confirm your email address',
    heading: 'Confirm your email address',
    lead: 'You have signed up for {{ application.name }} as {{ user.email }}. Confirm that this address is yours.',
    button: 'Confirm email address',
    note: 'The link works once, for {{ lifetime }}. If you did not sign up, ignore this message.',
  },
  reset_email: {
    subject: 'Choose a new password',
    heading: 'Choose a new password',
    lead: 'Somebody asked to change the password of {{ user.email }} at {{ friendly_name }}. If that was you, choose a new one.',
    button: 'Choose a new password',
    note: 'The link works once, for {{ lifetime }}. If it was not you, ignore this message: your password stays as it is.',
  },
  passwordless_email: {
    subject:
      '{% if code %}Your code for {{ application.name }}{% else %}Log in to {{ application.name }}{% endif %}',
    heading: 'Log in to {{ application.name }}',
    lead: '{% if code %}Enter this code where you asked for it:{% else %}Use this link to log in as {{ user.email }}.{% endif %}',
    button: 'Log in',
    note: 'The {% if code %}code{% else %}link{% endif %} works once, for {{ lifetime }}. Never pass it on: nobody at {{ friendly_name }} will ask for it. If you did not want to log in, ignore this message.',
  },
  user_invitation: {
    subject: 'You are invited to {{ organization.name }}',
    heading: 'Join {{ organization.name }}',
    lead: '{{ inviter.name }} invites you to join {{ organization.name }} at {{ application.name }}, as {{ user.email }}.',
    button: 'Accept the invitation',
    note: 'The link works once, for {{ lifetime }}. If you do not know who invites you, ignore this message.',
  },
};

export const smsTexts: Record<TextTemplate, string> = {
  passwordless_sms:
    '{{ code }} is your code for {{ application.name }}. It works once, for {{ lifetime }}. Never pass it on.',
};

/** Mail programs read tables and inline styles, and little else. */
export const htmlLayout = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{{ heading }}</title>
<style>
@media (prefers-color-scheme: dark) {
  .ground { background: #111418 !important; }
  .card { background: #1b2027 !important; border-color: #333b45 !important; }
  .strong { color: #f2f4f7 !important; }
  .soft { color: #a9b3c0 !important; }
  .code { background: #111418 !important; color: #f2f4f7 !important; }
}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f4f5f7">
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px;background:#ffffff;border:1px solid #dde1e6;border-radius:12px">
<tr><td style="padding:32px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
{% if picture_url %}<img src="{{ picture_url }}" alt="{{ friendly_name }}" height="40" style="display:block;height:40px;border:0">
{% else %}<p class="soft" style="margin:0;font-size:14px;line-height:20px;color:#5b6573">{{ friendly_name }}</p>
{% endif %}<h1 class="strong" style="margin:16px 0 0;font-size:22px;line-height:30px;font-weight:600;color:#14181f">{{ heading }}</h1>
<p class="strong" style="margin:16px 0 0;font-size:16px;line-height:24px;color:#14181f">{{ lead }}</p>
{% if code %}<p class="code" style="margin:24px 0 0;padding:16px;border-radius:8px;background:#f4f5f7;text-align:center;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:30px;line-height:36px;letter-spacing:6px;color:#14181f">{{ code }}</p>
{% else %}<table role="presentation" cellpadding="0" cellspacing="0" style="margin:24px 0 0"><tr><td style="border-radius:8px;background:#1f4fd8">
<a href="{{ url }}" style="display:inline-block;padding:12px 24px;font-size:16px;line-height:24px;font-weight:600;color:#ffffff;text-decoration:none">{{ button }}</a>
</td></tr></table>
<p class="soft" style="margin:16px 0 0;font-size:13px;line-height:20px;color:#5b6573;word-break:break-all">{{ url }}</p>
{% endif %}<p class="soft" style="margin:24px 0 0;font-size:14px;line-height:20px;color:#5b6573">{{ note }}</p>
{% if support %}<p class="soft" style="margin:12px 0 0;font-size:14px;line-height:20px;color:#5b6573">Questions? {{ support }}</p>
{% endif %}</td></tr></table>
</td></tr></table>
</body>
</html>
`;

export const textLayout = `{{ heading }}

{{ lead }}

    {% if code %}{{ code }}{% else %}{{ url }}{% endif %}

{{ note }}
{% if support %}
Questions? {{ support }}
{% endif %}
-- 
{{ friendly_name }}
`;
