import Accounting
import Bitcoin
import Embedded
import Glibc
import Hashing
import Synchronization

/// `poold dev`: a pool with chains and a miner of its own, in one process. Nothing else is needed.
///
/// It is `poold run` against a node that happens to live here; the miner connects over TCP like any other.
public enum DevPool {
    public static func run(_ options: DevOptions) async -> ExitCode {
        let stop = StopSignal()
        do {
            let folder = try DevFolder(options.data)
            let engine = try HashEngine.chosen()
            let targets = await DevPool.targets(options, engine: engine)
            let chains = try await DevChains(folder: folder.path, targets: targets)
            let tally = BlockTally(blocks: options.blocks, auxiliaryBlocks: options.auxBlocks, on: chains.auxiliaryNames)
            let service = try DevPool.service(options, engine, chains: chains, folder: folder.path, targets: targets, tally: tally, stop: stop)
            let admin = try DevPool.admin(options, service)
            try await service.start()
            let addresses = service.addresses(admin)
            let miner = DevPool.miner(options, at: addresses.stratum, engine: engine.scan)
            let screen = DevScreen(service: service, miner: miner, tally: tally, addresses: addresses)
            screen.begin()
            miner?.start()
            if let seconds = options.seconds {
                Task {
                    try? await Task.sleep(for: .seconds(seconds))
                    stop.raise()
                }
            }
            await stop.wait()
            screen.end()
            await miner?.stop()
            await admin.stop()
            await service.stop()
            await chains.stop()
            return .done
        } catch {
            Console.complain("poold: \(StartFailure.text(of: error))")
            return .failure
        }
    }

    /// Threads of the built-in miner: one CPU is left to the pool.
    private static func minerThreads(_ options: DevOptions) -> Int {
        switch options.miner {
        case .none: 0
        case .threads(let count): count
        case .automatic: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)
        }
    }

    private static func targets(_ options: DevOptions, engine: EngineChoice) async -> DevTargets {
        let hashrate = await CPUMiner.measureHashrate(threads: max(1, minerThreads(options)), engine: engine.scan)
        return DevTargets(hashrate: hashrate, parentBits: options.parentBits, shareDifficulty: options.shareDifficulty)
    }

    private static func service(
        _ options: DevOptions,
        _ engine: EngineChoice,
        chains: DevChains,
        folder: String,
        targets: DevTargets,
        tally: BlockTally,
        stop: StopSignal
    ) throws -> PoolService {
        func make(_ listen: ListenAddress) throws -> PoolService {
            var configuration = DevPool.configuration(chains: chains, folder: folder, listen: listen, targets: targets)
            configuration.gateway = options.gateway.map { address in
                var gateway = PoolConfiguration.Gateway()
                gateway.listen = address
                return gateway
            }
            return try PoolService(
                configuration,
                engine: engine,
                fixedDifficulty: options.shareDifficulty,
                onAccepted: { block in
                    if tally.isComplete(with: block) { stop.raise() }
                },
                errands: PoolErrands(stop: { stop.raise() })
            )
        }
        if let listen = options.stratum { return try make(listen) }
        // Nobody asked for a port, so a busy one is no reason to fail.
        do { return try make(ListenAddress(host: "127.0.0.1", port: 3333)) } catch { return try make(ListenAddress(host: "127.0.0.1", port: 0)) }
    }

    private static func configuration(chains: DevChains, folder: String, listen: ListenAddress, targets: DevTargets) -> PoolConfiguration {
        var configuration = PoolConfiguration()
        configuration.chain = .regtest
        configuration.data = folder
        configuration.coinbase.payout = Address(script: .payToWitness(version: 0, program: [UInt8](repeating: 0x4d, count: 20)), chain: .regtest)
        configuration.coinbase.address = configuration.coinbase.payout?.description
        configuration.nodes = [chains.parentNode]
        configuration.auxiliaries = chains.auxiliaries
        // Its chains have blocks every second or so, and its miner minds no number of jobs.
        configuration.limits.auxiliaryJobSeconds = 0.5
        configuration.stratum[0].listen = listen
        configuration.stratum[0].difficulty.start = targets.shareDifficulty
        configuration.stratum[0].difficulty.min = min(1e-9, targets.shareDifficulty)
        configuration.stratum[0].difficulty.sharesPerMinute = 120
        configuration.admin.socket = folder + "/poold.sock"
        return configuration
    }

    private static func admin(_ options: DevOptions, _ service: PoolService) throws -> AdminServer {
        var configuration = service.configuration
        if let listen = options.admin {
            configuration.admin.listen = listen
            return try AdminServer(source: service, configuration)
        }
        do { return try AdminServer(source: service, configuration) } catch {
            configuration.admin.listen = ListenAddress(host: "127.0.0.1", port: 0)
            return try AdminServer(source: service, configuration)
        }
    }

    private static func miner(_ options: DevOptions, at address: ListenAddress?, engine: HashEngine) -> CPUMiner? {
        let threads = minerThreads(options)
        guard threads > 0, let address else { return nil }
        let account = Address(script: .payToWitness(version: 0, program: [UInt8](repeating: 0x31, count: 20)), chain: .regtest)
        let host = address.host == "0.0.0.0" ? "127.0.0.1" : address.host
        var settings = CPUMiner.Settings(host: host, port: address.port, user: "\(account?.description ?? "").builtin", engine: engine)
        settings.threads = threads
        return CPUMiner(settings)
    }
}
