import Hashing
import JSON
import Testing

@testable import Stratum

@Suite("Games with the difficulty")
struct DifficultyGameTests {
    /// A miner that knows what it was told last, and reads everything before it acts.
    private struct Player {
        let client: Client
        var job: Job
        var jobID = ""
        var variant: UInt8 = 0
        var difficulty = 0.0
        var nonce: UInt32 = 0
        var hashes = 0

        /// The word about a difficulty comes with its job, at the end of the server's turn.
        mutating func wish(for difficulty: Double) throws {
            client.send(#"{"id":5,"method":"mining.suggest_difficulty","params":[\#(difficulty)]}"#)
            for _ in 0..<100 where self.difficulty != difficulty { try listen() }
            try #require(self.difficulty == difficulty)
        }

        mutating func listen() throws {
            client.send(#"{"id":9,"method":"mining.ping"}"#)
            while let line = try client.line(), !line.contains("pong") {
                let message = try JSONValue(parsing: line)
                let parameters = message["params"]
                if message["method"] == "mining.set_difficulty" {
                    difficulty = try #require(parameters?[0]?.double)
                } else if message["method"] == "mining.notify", let id = parameters?[0]?.string {
                    jobID = String(id.prefix(16))
                    variant = id.count > 16 ? try #require(UInt8(id.suffix(2), radix: 16)) : 0
                }
            }
        }

        /// The next share that meets the difficulty it was told.
        mutating func mine() -> TestShare {
            let target = Target(difficulty: difficulty)
            while true {
                var share = TestShare(job, extranonce1: client.extranonce1, nonce: nonce)
                share.variant = variant
                nonce += 1
                hashes += 1
                if target.isMet(by: share.hash) { return share }
            }
        }
    }

    /// It works at what is easy, wishes for what is hard once it has a share that would meet that too, shows it again under every name, and goes
    /// back. In the end its credits are worth the hashes it made, like everybody's.
    @Test("whatever a miner wishes between its shares, its hashes are worth the same", .timeLimit(.minutes(1)))
    func wishes() async throws {
        // 16 hashes a share, and 256.
        let (easy, hard) = (3.7e-9, 6e-8)
        let harness = try Harness(difficulty: DifficultySettings(start: easy, minimum: 1e-10, sharesPerMinute: 1e9))
        let (job, client) = try harness.mining()
        var player = Player(client: client, job: job)
        for _ in 0..<100 where player.difficulty != easy { try player.listen() }
        #expect(player.difficulty == easy)
        var answers: [String: Int] = [:]
        func submit(_ share: TestShare) throws {
            client.send(share.line())
            let line = try #require(try client.answer())
            let reason = try JSONValue(parsing: line)["error"]?[1]?.string ?? "accepted"
            answers[reason, default: 0] += 1
        }
        var games = 0
        var jobs = JobFactory()
        _ = jobs.job()
        for number in 1...4 {
            // A job goes out at so many difficulties only; the rest of it is mined at the last.
            var gamesLeft = 6
            let begin = player.hashes
            while player.hashes < begin + 6_000 {
                let share = player.mine()
                guard gamesLeft > 0, Target(difficulty: hard).isMet(by: share.hash) else {
                    try submit(share)
                    continue
                }
                // A lucky one: what is it worth once more is asked of it?
                gamesLeft -= 1
                games += 1
                try player.wish(for: hard)
                var renamed = share
                renamed.variant = player.variant
                try submit(renamed)
                try submit(share)
                try submit(share)
                try player.wish(for: easy)
            }
            guard number < 4 else { break }
            let next = jobs.job()
            harness.server.publish(next)
            for _ in 0..<100 where player.jobID != HexField.text(next.id.value, digits: 16) { try player.listen() }
            player.job = next
            player.nonce = 0
        }
        let credited = harness.pool.records.reduce(0.0) { $0 + Double($1.weight) }
        #expect(games > 12)
        // Each lucky share was credited once, at what it was worked for, and nothing was under another name.
        #expect(answers["duplicate"] == games)
        #expect((0.85...1.15).contains(credited / Double(player.hashes)), "\(credited) credited for \(player.hashes) hashes, \(answers)")
        await harness.stop()
    }
}
