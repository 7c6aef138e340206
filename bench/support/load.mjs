import autocannon from 'autocannon';

/**
 * Answers per second of a server under a steady load, for `seconds`.
 * @throws when any answer is not the expected one: a fast refusal is not speed
 */
export async function load({ name, url, requests, connections, seconds, status }) {
  const result = await autocannon({ url, requests, connections, duration: seconds });
  const counts = Object.entries(result.statusCodeStats ?? {});
  const wrong = counts.filter(([code]) => Number(code) !== status);
  if (result.errors > 0 || wrong.length > 0 || counts.length === 0) {
    const { method = 'GET', path } = requests[0];
    throw new Error(
      `${name}, ${method} ${path}: ${result.errors} errors, ${result.timeouts} timeouts, answers ${JSON.stringify(counts)}`,
    );
  }
  const { total } = result.requests;
  return { total, perSecond: total / result.duration, p99: result.latency.p99 };
}
