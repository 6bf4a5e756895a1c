import Foundation
import JSON
import Testing

@Suite("A pool that sends its miners away", .timeLimit(.minutes(2)))
struct DrainTests {
    @Test("Miners are asked to go, newcomers find the door closed, and it can be taken back; with --stop the pool ends in order")
    func drain() async throws {
        let folder = try DataFolder()
        let pool = try PoolProcess(
            ["dev", "--no-miner", "--stratum", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data", folder.path],
            log: folder.file("log")
        )
        let socket = pool.socket
        var clients: [LineClient] = []
        for number in UInt8(2)...5 {
            clients.append(try LineClient(port: pool.stratumPort))
            try await clients[clients.count - 1].logIn(LoadClient.account(number))
        }
        let draining = Task { try await aside { try Programs.run("poolctl", ["--socket", socket, "drain", "--over", "1"]) } }
        for client in clients {
            #expect(try await client.notification("client.reconnect") == #"{"id":null,"method":"client.reconnect","params":[]}"#)
            client.end()
        }
        let drained = try await draining.value
        #expect(drained.status == 0 && drained.output == "no connection is left\n", "\(drained)")
        #expect(try pool.ask("status")["draining"]?.bool == true)
        #expect(try await LineClient(port: pool.stratumPort).line() == nil)
        #expect(try pool.ask("drain", "--cancel")["connections"] == 0)
        let stubborn = try LineClient(port: pool.stratumPort)
        try await stubborn.logIn(LoadClient.account(2))
        let stopped = try await aside { try Programs.run("poolctl", ["--socket", socket, "drain", "--over", "0", "--stop"]) }
        #expect(stopped.status == 0 && stopped.output == "1 connection is left; the pool is stopping\n", "\(stopped)")
        while pool.process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        #expect(pool.process.terminationStatus == 0)
        let refused = try Programs.run("poolctl", ["--socket", socket, "drain", "--cancel", "--stop"])
        #expect(refused.status == 2)
    }
}
