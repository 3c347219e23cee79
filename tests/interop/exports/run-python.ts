/** Runs a Python program in the interpreter that has the framework, once over many export folders. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const interpreters = {
  torch: ['UNROLL_PYTHON', 'torch'],
  keras: ['UNROLL_KERAS_PYTHON', 'keras'],
} as const;
export type Framework = keyof typeof interpreters;

const found = new Map<Framework, string>();

/** Path of a Python that imports the framework; throws with what to do. */
export function pythonFor(framework: Framework): string {
  const known = found.get(framework);
  if (known !== undefined) return known;
  const [variable, module] = interpreters[framework];
  const made = resolve('.cache', 'python', framework, 'bin', 'python');
  const candidates = [process.env[variable], made, 'python3'].filter(
    (python) => python !== undefined,
  );
  for (const python of candidates) {
    const { status } = spawnSync(python, ['-c', `import ${module}, safetensors`]);
    if (status !== 0) continue;
    found.set(framework, python);
    return python;
  }
  throw new Error(
    `None of ${candidates.join(', ')} imports ${module} and safetensors: run \`npm test -- interop\`, ` +
      `which makes such an environment, or point ${variable} to a Python that has them.`,
  );
}

export interface PythonOptions {
  framework: Framework;
  cwd?: string;
  /** For stdin. */
  input?: string;
  env?: Record<string, string>;
}

export interface PythonResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Whatever its exit status is. @param script a file; `-c` with code after it works too. */
export function runPython(
  script: string,
  args: readonly string[],
  { framework, cwd, input, env }: PythonOptions,
): PythonResult {
  const { status, stdout, stderr, error } = spawnSync(pythonFor(framework), [script, ...args], {
    cwd,
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: {
      ...process.env,
      TF_CPP_MIN_LOG_LEVEL: '3',
      PYTHONDONTWRITEBYTECODE: '1',
      CUDA_VISIBLE_DEVICES: '',
      ...env,
    },
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** The JSON objects that a program printed, one a line. Throws its stderr where it failed. */
export function pythonJson(
  script: string,
  args: readonly string[],
  options: PythonOptions,
): unknown[] {
  const { status, stdout, stderr } = runPython(script, args, options);
  if (status !== 0) throw new Error(`${script} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{') || line.startsWith('['))
    .map((line): unknown => JSON.parse(line));
}
