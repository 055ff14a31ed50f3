import { createApi } from './api.ts';

const api = createApi({ issuer: 'http://localhost:3000/', audience: 'https://orders.example/' });
api.listen(3002, 'localhost', () => console.log('The API runs on http://localhost:3002/'));
