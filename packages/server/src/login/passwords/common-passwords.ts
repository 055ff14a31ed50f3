// What people choose most, in lower case, as every list of leaked passwords has it at its head: what is guessed first.
const words = `
  000000 00000000 0123456789 102030 1111 11111 111111 1111111 11111111 112233 11223344 1122334455 121212 123123
  123123123 123321 1234 12341234 12344321 12345 123456 1234567 12345678 123456789 1234567890 123456a 123456789a
  12345678910 123654 1234qwer 123654789 123789 123abc 123qwe 131313 147258 147258369 159753 159357 1q2w3e 1q2w3e4r
  1q2w3e4r5t 1qaz2wsx 222222 232323 252525 321321 333333 444444 555555 654321 666666 696969 741852963 777777 7777777
  789456 789456123 87654321 88888888 888888 963852741 987654 987654321 999999 a123456 a123456789 a1b2c3 a1b2c3d4 aa123456
  aaaaaa abc123 abc12345 abcd1234 abcdef abcdefg access admin admin123 administrator adobe123 andrew anthony apple
  ashley asdasd asdf1234 asdfgh asdfghjkl azerty baseball basketball batman blink182 buster butterfly changeme charlie
  cheese chelsea chocolate computer cookie daniel default dragon dubsmash eminem family flower football freedom friends
  fuckyou george ginger google gwerty hannah harley hello hello123 helloworld hockey hunter iloveyou iloveyou1 internet
  jasmine jennifer jessica jordan jordan23 joshua justin killer letmein letmein1 liverpool login love lovely loveme
  maggie master matrix matthew michael michelle monkey mustang mynoob naruto nicole ninja nothing p@ssw0rd p@ssword
  pa55word passw0rd password password! password1 password1! password12 password123 password1234 pepper picture1 pokemon
  princess princess1 purple q1w2e3r4 q1w2e3r4t5 qazwsx qazwsxedc qwe123 qwer1234 qwerty qwerty1 qwerty12 qwerty123
  qwerty12345 qwertyu qwertyui qwertyuiop ranger robert root samsung secret senha shadow silver soccer sophie spiderman
  starwars summer sunshine superman target123 taylor test test123 test1234 testing thomas thunder tigger tinkle trustno1
  unknown user welcome welcome1 welcome123 whatever william winter xbox360 yankees zaq12wsx zinch zxcvbn zxcvbnm
`;

const commonPasswords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));

export function isCommonPassword(password: string): boolean {
  return commonPasswords.has(password.toLowerCase());
}
