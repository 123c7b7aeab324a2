import { afterEach, expect, test, vi } from 'vitest';
import { bytesOf, hexOf } from '../../codec/zvt/bytes.ts';
import { scriptedPeer, settle } from './scripted-peer.fixture.ts';
import { createZvtLink } from './zvt-link.ts';

afterEach(() => {
  vi.useRealTimers();
});

const command = '060100';

async function linked() {
  const peer = await scriptedPeer();
  const link = createZvtLink({ transport: peer.kioskEnd, profile: { t1Ms: 200, t2Ms: 5_000, repeats: 2 }, trace: () => {} });
  const apdus: string[] = [];
  link.onApdu((apdu) => apdus.push(hexOf(apdu)));
  return { ...peer, link, apdus };
}

test('a frame is sent once and acknowledged by 06', async () => {
  const { link, heard, sendBytes } = await linked();
  const sent = link.send(bytesOf(command));
  await settle();
  await sendBytes('06');
  expect(await sent).toEqual({ kind: 'acknowledged', certain: true });
  expect(heard).toEqual([command]);
});

test('without an ACK it is repeated after T2, at most twice', async () => {
  const { link, heard, pass } = await linked();
  const sent = link.send(bytesOf(command));
  await pass(4_999);
  expect(heard).toEqual([command]);
  await pass(1);
  expect(heard).toEqual([command, command]);
  await pass(5_000);
  await pass(5_000);
  await pass(60_000);
  expect(heard).toEqual([command, command, command]);
  expect(await sent).toMatchObject({ kind: 'not_acknowledged' });
});

test('on NAK it is repeated at once', async () => {
  const { link, heard, sendBytes, pass } = await linked();
  const sent = link.send(bytesOf(command));
  await settle();
  await sendBytes('15');
  expect(heard).toEqual([command, command]);
  await sendBytes('06');
  await pass(200);
  expect(await sent).toEqual({ kind: 'acknowledged', certain: true });
});

test('on a closed line nothing was sent, and that is certain', async () => {
  const { link, kioskEnd } = await linked();
  await kioskEnd.close();
  expect(await link.send(bytesOf(command))).toMatchObject({ kind: 'not_sent' });
});

test('a line that is lost while an ACK is awaited leaves it open whether the frame arrived', async () => {
  const { link, line } = await linked();
  const sent = link.send(bytesOf(command));
  await settle();
  line.cut();
  expect(await sent).toMatchObject({ kind: 'not_acknowledged', detail: 'line lost' });
});

test('each frame is acknowledged at once, before anybody works with it', async () => {
  const { heard, apdus, sendApdu } = await linked();
  await sendApdu('04ff010a');
  expect(heard).toEqual(['ack']);
  expect(apdus).toEqual(['04ff010a']);
});

test('a frame that is repeated because our ACK was lost is acknowledged again and told once', async () => {
  const { heard, apdus, sendApdu } = await linked();
  await sendApdu('040f022700');
  await sendApdu('040f022700');
  expect(heard).toEqual(['ack', 'ack']);
  expect(apdus).toEqual(['040f022700']);
});

test('the same message after an acknowledged answer of ours is a new one', async () => {
  const { link, apdus, sendApdu, sendBytes } = await linked();
  await sendApdu('04ff010a');
  const sent = link.send(bytesOf('800000'));
  await settle();
  await sendBytes('06');
  await sent;
  await sendApdu('04ff010a');
  expect(apdus).toEqual(['04ff010a', '04ff010a']);
});

test('an answer to our command stands for its lost ACK, so that the command is not repeated', async () => {
  const { link, heard, sendApdu, pass } = await linked();
  const sent = link.send(bytesOf(command));
  await settle();
  await sendApdu('800000');
  expect(await sent).toEqual({ kind: 'acknowledged', certain: false });
  await pass(60_000);
  expect(heard).toEqual([command, 'ack']);
});

test('a broken checksum is answered NAK and told to nobody', async () => {
  const { heard, apdus, sendBytes } = await linked();
  await sendBytes('1002060f001003c634');
  expect(heard).toEqual(['nak']);
  expect(apdus).toEqual([]);
});

test('a frame that stops in the middle is answered NAK after T1', async () => {
  const { heard, apdus, sendBytes, sendApdu, pass } = await linked();
  await sendBytes('1002060f');
  await pass(199);
  expect(heard).toEqual([]);
  await pass(1);
  expect(heard).toEqual(['nak']);
  await sendApdu('060f00');
  expect(apdus).toEqual(['060f00']);
});

test('a 06 in the middle of a frame whose beginning was lost is no ACK', async () => {
  const { link, sendBytes, pass, heard } = await linked();
  const sent = link.send(bytesOf(command));
  await settle();
  await sendBytes('02060f001003c633');
  let settled = false;
  void sent.then(() => (settled = true));
  await pass(200);
  expect(settled).toBe(false);
  expect(heard).toEqual([command, 'nak']);
  await sendBytes('06');
  await pass(0);
  expect(settled).toBe(true);
});

test('the late second ACK of a repeated frame is not taken for that of the next one', async () => {
  const { link, sendBytes, pass, heard } = await linked();
  const first = link.send(bytesOf(command));
  const second = link.send(bytesOf('06b000'));
  await pass(5_000);
  await sendBytes('06');
  await sendBytes('06');
  await pass(200);
  expect(await first).toEqual({ kind: 'acknowledged', certain: true });
  let settled = false;
  void second.then(() => (settled = true));
  await pass(0);
  expect(heard).toEqual([command, command, '06b000']);
  expect(settled).toBe(false);
});

test('a frame that yields waits for its ACK only T1 more once the terminal speaks, and is not repeated', async () => {
  const { link, heard, sendApdu, pass, apdus } = await linked();
  const sent = link.send(bytesOf(command), { yields: true });
  await settle();
  heard.splice(0);
  await sendApdu('04ff0117');
  await pass(200);
  expect(await sent).toEqual({ kind: 'not_acknowledged', detail: 'no ACK, but a message' });
  await pass(60_000);
  expect(heard).toEqual(['ack']);
  expect(apdus).toEqual(['04ff0117']);
});
