// Every word a person reads on a page, in English. `{name}` stands for a value that the page puts in.
import type { PasswordPolicy } from '../../model/connection.ts';

/** What a password policy asks for; the rules themselves are login/passwords/password-policy.ts's. */
interface PolicyDemands {
  length: string;
  kinds?: { title: string; list: readonly string[] };
  repeats?: string;
}

const letters = ['Lower case letters (a-z)', 'Upper case letters (A-Z)'];
const numbers = 'Numbers (0-9)';
const threeOfFour = {
  title: 'At least 3 of the following:',
  list: [...letters, numbers, 'Special characters (e.g. !@#$%^&*)'],
};
const policyDemands: Record<PasswordPolicy, PolicyDemands> = {
  none: { length: 'At least 1 character' },
  low: { length: 'At least 6 characters' },
  fair: {
    length: 'At least 8 characters',
    kinds: { title: 'All of the following:', list: [...letters, numbers] },
  },
  good: { length: 'At least 8 characters', kinds: threeOfFour },
  excellent: {
    length: 'At least 10 characters',
    kinds: threeOfFour,
    repeats: 'No more than 2 identical characters in a row',
  },
};

export const en = {
  login: {
    title: 'Log in',
    lead: 'Continue to {client_name}',
    username: 'Email address',
    password: 'Password',
    submit: 'Continue',
    forgot: 'Forgot password?',
    signup: 'Don’t have an account? {link}',
    signup_link: 'Sign up',
    or: 'or',
    connection: 'Continue with {display_name}',
    by_code: { email: 'a code by email', sms: 'a code by text message' },
    errors: {
      incomplete: 'Enter your email address and your password',
      wrong_credentials: 'Wrong email or password',
      too_many_attempts:
        'Your account has been blocked after multiple consecutive login attempts. It is unblocked 30 days after the last of them, or earlier by an administrator.',
      throttled: 'Too many logins have failed from your network. Wait a while, then try again.',
    },
  },
  passwordless: {
    identifier: { email: 'Email address', sms: 'Phone number' },
    hint: {
      email: 'We send you a code by email. You need no password.',
      sms: 'We send you a code by text message. Begin with + and the country code.',
    },
    send: 'Send me a code',
    password: 'Log in with a password instead',
    title: { email: 'Check your email', sms: 'Check your phone' },
    sent: 'Type the code that was sent to {identifier}',
    code: 'Code',
    again: 'Send another code',
    elsewhere: { email: 'Use another email address', sms: 'Use another phone number' },
    errors: {
      email: 'This is not a complete email address',
      sms: 'Write the number with + and the country code, as in +44 20 7946 0000',
      code: 'This code is wrong, or it has expired. Check it, or have another one sent.',
      throttled: 'Too many codes were sent there. Wait an hour, then try again.',
    },
  },
  signup: {
    title: 'Sign up',
    lead: 'Create your account to continue to {client_name}',
    email: 'Email address',
    password: 'Password',
    submit: 'Continue',
    login: 'Already have an account? {link}',
    login_link: 'Log in',
    errors: {
      email: { missing: 'Enter your email address', invalid: 'This is not a complete email address' },
      password: {
        too_short: 'This password is too short',
        too_long: 'This password is longer than 1,024 bytes',
        too_few_kinds: 'This password has too few kinds of characters',
        repeats: 'This password repeats one character too often in a row',
      },
      may_exist: 'Something went wrong. If you have an account already, log in instead.',
      exists: 'The user already exists.',
      throttled: 'Too many people have signed up from your network. Wait a moment, then try again.',
    },
    policy: { title: 'Your password must contain:', demands: policyDemands },
  },
  set_up: { lost: 'This link is good no more, or there is an administrator already' },
  reset_request: {
    title: 'Forgot your password?',
    lead: 'Enter your email address, and we will send you a link to choose another password',
    email: 'Email address',
    submit: 'Send link',
    login: 'Back to login',
    errors: {
      missing: 'Enter your email address',
      invalid: 'This is not a complete email address',
      throttled: 'Too many messages were asked for. Wait an hour, then try again.',
    },
  },
  reset_sent: {
    title: 'Check your email',
    lead: 'If {email} belongs to an account here, a link to choose another password is on its way. It works once, for five days.',
    advice: 'Nothing has come? Look among unwanted mail, and check the address.',
  },
  reset: {
    title: 'Choose a new password',
    lead: 'For {email} at {friendly_name}. You will be logged out everywhere.',
    password: 'New password',
    submit: 'Change password',
  },
  reset_done: {
    title: 'Your password is changed',
    lead: 'Log in with it from now on. You were logged out everywhere else.',
  },
  verification: {
    title: 'Confirm your email address',
    lead: '{email} will belong to your account at {friendly_name}',
    submit: 'Confirm',
  },
  verified: {
    title: 'Your email address is confirmed',
    lead: 'You can close this page now.',
  },
  passwordless_link: {
    title: 'Log in',
    lead: 'Continue to {client_name} as {email}',
    submit: 'Continue',
  },
  ticket_ended: {
    title: 'This link cannot be used any more',
    lead: 'It has expired, was used already, or a newer one was sent after it.',
    advice: 'Ask for a new one where you asked for this.',
  },
  password_toggle: { show: 'Show password', hide: 'Hide password' },
  consent: {
    title: 'Allow access',
    lead: '{client_name} is asking for access to your account at {friendly_name}',
    user: 'Logged in as {user}',
    profile: 'Your profile',
    registered:
      'This application registered itself: nobody has checked that it is what it says. You will be sent to {destination}.',
    policy: 'Privacy policy',
    terms: 'Terms of service',
    accept: 'Accept',
    deny: 'Decline',
  },
  scopes: {
    openid: 'Confirm who you are',
    profile: 'See your name, picture and other profile details',
    email: 'See your email address',
    address: 'See your postal address',
    phone: 'See your phone number',
    offline_access: 'Stay signed in: access when you are away',
    online_access: 'Keep its access while you are signed in here',
  },
  callback_confirmation: {
    title: 'Is this your application?',
    lead: 'You are signing in to {client_name} at {redirect_uri}',
    warning:
      'Anything installed on this device can claim this address. Continue only if you trust it and you started this sign-in yourself.',
    accept: 'Continue',
    deny: 'Cancel',
  },
  user_code: {
    title: 'Connect a device',
    lead: 'Enter the code that your device shows',
    label: 'Code',
    submit: 'Continue',
    errors: {
      wrong_code: 'This code is wrong or has expired. Check it on your device.',
      too_many_codes: 'Too many wrong codes were entered from here. Wait 15 minutes, then try again.',
    },
  },
  device_confirmation: {
    title: 'Is this the code on your device?',
    lead: 'You are about to sign a device in to {client_name}',
    code: 'The code on your device',
    user: 'Logged in as {user}',
    warning:
      'Continue only if you hold the device and started this yourself. Somebody who sent you here may be waiting at a device of their own.',
    accept: 'Continue',
    deny: 'Cancel',
  },
  activated: {
    title: 'Your device is connected',
    lead: 'Go back to it: it continues by itself in a few seconds. You can close this page.',
  },
  activation_denied: {
    title: 'Your device was not connected',
    lead: 'Nothing was allowed, and your device hears of it. You can close this page.',
  },
  user_code_ended: {
    title: 'This code cannot be used any more',
    lead: 'It has expired or was used already, or it was opened in another browser or by another user.',
    advice: 'Ask your device for a new code, and enter that.',
    retry: 'Enter a code',
  },
  logout: {
    title: 'Log out',
    lead: 'Do you want to log out of {friendly_name}?',
    submit: 'Log out',
  },
  signed_out: {
    title: 'You are logged out',
    lead: 'You can close this page now.',
  },
  error: {
    title: 'Error',
    heading: 'Oops!, something went wrong',
    tracking: 'Tracking ID: {tracking}',
    back: 'Back to the application',
    retry: 'Try again',
  },
  callback_mismatch: {
    heading: 'Callback URL mismatch.',
    lead: 'The provided redirect_uri is not in the list of allowed callback URLs.',
    advice:
      'If this is your application, open its Application Settings page and add the address it sends to Allowed Callback URLs.',
  },
  lost_transaction: {
    error: 'invalid_request',
    lead: 'We could not find the session of this login. It may be that:',
    reasons: [
      'you pressed the back button after logging in',
      'you refreshed the page during the login',
      'too many login dialogs were open at once',
      'cookies are blocked or were cleared in this browser',
      'the page was left open for too long',
    ],
    advice: 'Go back to the application and log in again.',
  },
  too_many_requests: {
    heading: 'Too many requests',
    lead: 'More was asked from your network than is allowed at once. Nothing is lost; please wait a moment and try again.',
  },
  busy: {
    heading: 'Busy right now',
    lead: 'More people than usual are logging in. Nothing is lost; please try again in a moment.',
  },
  contact: {
    email: 'Contact support',
    url: 'Get help',
  },
  form_post: {
    title: 'Back to the application',
    lead: 'You are on your way to {origin}. If nothing happens, press the button.',
    submit: 'Continue',
  },
  web_message: { title: 'Authorization response' },
  try: {
    title: 'Try a login',
    noscript: 'This page walks through a login inside your browser, and needs JavaScript to do it.',
  },
  home: {
    title: 'An identity server you own',
    headline: 'The keys to your own house.',
    lead: 'Freehold is an identity server that runs where you say: sign-up, login, sessions and tokens for your applications. It speaks Auth0’s Authentication API for the Authorization Code Flow with PKCE.',
    running: 'It is running. The issuer is {issuer}',
    try: 'Try a login',
    discovery: 'Discovery document',
    start: 'First steps',
    steps: [
      {
        title: 'Register an application',
        text: 'Describe it in a tenant file: its name, its type, where people return to after they log in.',
      },
      {
        title: 'Point it at this server',
        text: 'Give the application’s OpenID Connect library, or Freehold’s own client, the issuer and the client ID.',
      },
      {
        title: 'Log in',
        text: 'Sign up on the hosted page. Single sign-on, silent renewal and logout are already there.',
      },
    ],
    readme: 'The README has the details: registering an application, every setting, and where things are.',
    endpoints: 'Where things are',
    endpoint: {
      discovery: 'Discovery',
      jwks: 'Signing keys',
      authorize: 'Authorization',
      token: 'Tokens',
    },
  },
} as const;
