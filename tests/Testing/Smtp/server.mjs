// A real mail server for the tests. What is wished comes as JSON in the first argument; the port and then each mail go out as a line of JSON.
// It ends when its standard input does, so that none outlives the test that started it.
import { SMTPServer } from 'smtp-server';

const wish = JSON.parse(process.argv[2]);
const say = line => process.stdout.write(JSON.stringify(line) + '\n');
const refusal = (responseCode, words) => Object.assign(new Error(words), { responseCode });
let busy = wish.busy;

const server = new SMTPServer({
  cert: wish.certificate,
  key: wish.key,
  authMethods: [wish.method],
  authOptional: !wish.user,
  disabledCommands: [...(wish.certificate ? [] : ['STARTTLS']), ...(wish.user ? [] : ['AUTH'])],
  onAuth: (auth, session, done) =>
    auth.username === wish.user && auth.password === wish.password ? done(null, { user: auth.username }) : done(refusal(535, 'authentication failed')),
  onRcptTo: (address, session, done) => done(wish.refused.includes(address.address) ? refusal(550, 'no such mailbox here') : null),
  onData(stream, session, done) {
    const parts = [];
    stream.on('data', part => parts.push(part));
    stream.on('end', () => {
      if (busy-- > 0)
        return done(refusal(451, 'come back later'));
      const { mailFrom, rcptTo } = session.envelope;
      say({ from: mailFrom.address, to: rcptTo.map(r => r.address), raw: Buffer.concat(parts).toString('utf8'), tls: session.secure, user: session.user ?? null });
      done(null, 'taken');
    });
  },
});

// a client that breaks off (it does not trust the certificate) is no fault of the server
server.on('error', error => say({ error: error.message }));
server.listen(0, '127.0.0.1', () => say({ port: server.server.address().port }));
process.stdin.on('end', () => process.exit(0)).resume();
