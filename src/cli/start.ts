/** `npm start`: the main job when nothing else is asked for; otherwise whatever drlab is asked. */
if (process.argv.length === 2) process.argv.push('run');
await import('./main.ts');
