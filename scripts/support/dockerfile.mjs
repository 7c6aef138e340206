/**
 * A Dockerfile as stages of instructions: [{ base, name, steps: [{ instruction, text }] }]. Reads what
 * ours uses: comments, continued lines, and JSON or shell forms as they are.
 */
export function readDockerfile(text) {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .split('\n');
  const stages = [];
  for (const line of lines) {
    const [, instruction, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (!instruction) throw new Error(`No instruction: ${line}`);
    if (instruction === 'FROM') {
      const [, base, name] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest);
      stages.push({ base, name: name ?? `stage-${stages.length}`, steps: [] });
    } else {
      stages.at(-1).steps.push({ instruction, text: rest });
    }
  }
  return stages;
}

/** `KEY=value …` of an ENV instruction. */
export function readEnv(text) {
  return Object.fromEntries(text.split(/\s+/).map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

/** `[--from=stage] source… target` of a COPY instruction. */
export function readCopy(text) {
  const words = text.split(/\s+/);
  const from = words[0].startsWith('--from=') ? words.shift().slice('--from='.length) : undefined;
  if (words.some((word) => word.startsWith('--'))) throw new Error(`Not understood: COPY ${text}`);
  const target = words.pop();
  return { from, sources: words, target };
}
