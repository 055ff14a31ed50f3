// What the reference of the Management API says, in English.
export const apiReferenceTexts = {
  title: 'Management API',
  lead: 'Everything that can be set up and looked after in this tenant, for scripts and for Auth0’s own tools. Each call carries an access token for this API in the header Authorization.',
  openapi: 'OpenAPI description',
  subjects: 'Subjects',
  scopes: 'Opened by any of',
  parameters: 'Parameters',
  body: 'Body',
  required: 'required',
  answers: 'Answers',
} as const;
