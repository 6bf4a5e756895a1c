import Glibc
import Pool

let program = PooldProgram(dev: { @Sendable in await DevPool.run($0) }, run: { @Sendable in await RunPool.run($0, path: $1) })
exit(await program.main(Array(CommandLine.arguments.dropFirst())).rawValue)
