// A published client of Riak's HTTP API, unchanged, against a real node: node client.js HOST PORT
'use strict';

const assert = require('assert');
const http = require('http');
const [host, port] = process.argv.slice(2);
const riak = require('nodiak').getClient('http', host, port);
// The client's own pool of connections, of 2012, breaks on this Node; Node's takes its place.
riak.agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

// The client's callbacks as promises.
const call = (subject, method, ...args) =>
  new Promise((resolve, reject) => subject[method](...args, (error, result) => (error ? reject(error) : resolve(result))));

const cases = {
  'the node answers a ping, and says what it offers': async () => {
    assert.strictEqual(await call(riak, 'ping'), 'OK');
    assert.strictEqual((await call(riak, 'resources')).riak_kv_wm_object, '/buckets');
    assert.ok((await call(riak, 'stats')).node);
  },

  'a bucket has properties': async () => {
    const props = await call(riak.bucket('shop'), 'getProps');
    assert.strictEqual(props.name, 'shop');
    assert.strictEqual(props.allow_mult, true);
    assert.strictEqual(props.n_val, 1);
  },

  'JSON, text and meta headers come back as they were written': async () => {
    const bucket = riak.bucket('shop');
    const cart = bucket.object.new('cart', { bread: 1, milk: [2, 3] });
    cart.setMeta('customer', 'anna');
    await call(cart, 'save');
    const read = await call(bucket.object, 'get', 'cart');
    assert.deepStrictEqual(read.data, { bread: 1, milk: [2, 3] });
    assert.strictEqual(read.getMeta('customer'), 'anna');
    assert.ok(read.metadata.vclock && read.metadata.etag && read.metadata.last_modified);
    const note = bucket.object.new('a note / with a slash', 'plain text', { content_type: 'text/plain' });
    await call(note, 'save');
    assert.strictEqual((await call(bucket.object, 'get', 'a note / with a slash')).data, 'plain text');
  },

  'a save over what was read replaces it': async () => {
    const bucket = riak.bucket('shop');
    const cart = await call(bucket.object, 'get', 'cart');
    cart.data.bread = 7;
    await call(cart, 'save');
    const read = await call(bucket.object, 'get', 'cart');
    assert.strictEqual(read.data.bread, 7);
    assert.strictEqual(read.siblings, undefined);
  },

  'several keys are read at once': async () => {
    const bucket = riak.bucket('many');
    const keys = ['a', 'b', 'c', 'd'];
    await call(bucket.objects, 'save', keys.map((key) => bucket.object.new(key, { is: key })));
    const read = await call(bucket.objects, 'get', keys);
    assert.deepStrictEqual(read.map((object) => object.data.is).sort(), keys);
  },

  'a key is made by the node for an object without one': async () => {
    const bucket = riak.bucket('made');
    const object = bucket.object.new(null, { without: 'a key' });
    object.options = { returnbody: true };
    await call(object, 'save');
    assert.ok(object.key);
    assert.deepStrictEqual((await call(bucket.object, 'get', object.key)).data, { without: 'a key' });
  },

  'whether a key is there can be asked': async () => {
    const bucket = riak.bucket('shop');
    assert.strictEqual(await call(bucket.object, 'exists', 'cart'), true);
    assert.strictEqual(await call(bucket.object, 'exists', 'nothing'), false);
  },

  'a key that is not there is an error with its status': async () => {
    await assert.rejects(call(riak.bucket('shop').object, 'get', 'nothing'), (error) => error.status_code === 404);
  },
};

const twoCarts = async (bucket, key) => {
  await call(bucket.object.new(key, { items: ['bread'] }), 'save');
  await call(bucket.object.new(key, { items: ['milk'] }), 'save');
};

cases['siblings are seen one by one, and resolved with their context'] = async () => {
  const bucket = riak.bucket('siblings');
  await twoCarts(bucket, 'cart');
  let seen = 0;
  const merge = (siblings) => {
    seen = siblings.length;
    const merged = siblings[0];
    merged.data = { items: siblings.flatMap((sibling) => sibling.data.items).sort() };
    return merged;
  };
  const read = await call(bucket.object, 'get', 'cart', {}, merge);
  assert.strictEqual(seen, 2);
  assert.deepStrictEqual(read.data.items, ['bread', 'milk']);
  await call(read, 'save');
  const resolved = await call(bucket.object, 'get', 'cart');
  assert.strictEqual(resolved.siblings, undefined);
  assert.deepStrictEqual(resolved.data.items, ['bread', 'milk']);
};

cases['a context of another key is refused with 400'] = async () => {
  const bucket = riak.bucket('contexts');
  await call(bucket.object.new('one', { n: 1 }), 'save');
  await call(bucket.object.new('two', { n: 2 }), 'save');
  const one = await call(bucket.object, 'get', 'one');
  const two = await call(bucket.object, 'get', 'two');
  two.metadata.vclock = one.metadata.vclock;
  await assert.rejects(call(two, 'save'), { status_code: 400 });
};

// This client leaves the parts as text, and the context behind.
cases['siblings are seen in one multipart answer'] = async () => {
  const bucket = riak.bucket('siblings');
  bucket.getSiblingsSync = true;
  await twoCarts(bucket, 'other cart');
  const read = await call(bucket.object, 'get', 'other cart');
  const items = read.siblings.flatMap((sibling) => JSON.parse(sibling.data).items);
  assert.deepStrictEqual(items.sort(), ['bread', 'milk']);
  for (const sibling of read.siblings) assert.strictEqual(sibling.metadata.content_type, 'application/json');
};

cases['what was deleted is gone'] = async () => {
  const bucket = riak.bucket('shop');
  const cart = await call(bucket.object, 'get', 'cart');
  await call(cart, 'delete');
  assert.strictEqual(await call(bucket.object, 'exists', 'cart'), false);
};

(async () => {
  let failed = 0;
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run();
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n`, error);
    }
  }
  process.exit(failed === 0 ? 0 : 1);
})();
