// One call, so that nothing here becomes a main-actor global.
exitWithStatus(ofPoolbench: Array(CommandLine.arguments.dropFirst()))
