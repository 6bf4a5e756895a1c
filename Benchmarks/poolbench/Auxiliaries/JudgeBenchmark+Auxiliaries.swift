import Embedded
import Hashing
import MergeMining
import Stratum

/// What auxiliary chains cost the judging of shares: the same shares on the pool's own job with and without them.
extension JudgeBenchmark {
    func compare() throws -> Report {
        let choice = try HashEngine.chosen()
        let judge = choice.makeJudge()
        let jobs = try [0, auxiliaries].map { try SampleAuxiliaries.job(SampleAuxiliaries.works($0), branches: branches) }
        // The chains' targets alone: the coinbase without them, every hash held against them.
        let targetsOnly = try SampleAuxiliaries.job(.none, branches: branches, auxiliaryTargets: jobs[1].auxiliaryTargets)
        let contestants = zip(["parent chain alone", "with their targets", "with their coinbase"], [jobs[0], targetsOnly, jobs[1]])
            .map { contestant($0, $1, judge) }
        let series = measure(contestants, rounds: rounds)
        var table = Table(
            key: "auxiliaries",
            title: "One core, batches of \(Self.batch), hashed and held against every target, median of \(rounds) rounds",
            columns: [
                "job": "job", "chains": "chains", "coinbase": "coinbase bytes", "compressions": "blocks behind extranonce", "shares": "M shares/s",
                "spread": "± %", "microseconds": "µs a share", "ratio": "/ alone",
            ]
        )
        for (index, job) in [jobs[0], targetsOnly, jobs[1]].enumerated() {
            let plan = job.plan
            let size = plan.coinbasePrefix.count + plan.extranonceSize + plan.coinbaseSuffix.count
            table.rows.append([
                .text(contestants[index].name), .integer(job.auxiliaryTargets.count), .integer(size),
                .integer((size + 9 + 63) / 64 - plan.coinbasePrefix.count / 64), .millionths(of: series[index]),
                .spread(of: series[index]), .real(1e6 / series[index].rate, decimals: 3),
                .real(series[index].speedup(over: series[0]), decimals: 3),
            ])
        }
        var report = Report(benchmark: Self.name, machine: .current())
        report.tables = [table]
        report.notes = [
            "\(choice); \(branches) branches. Every job is the pool's own layout.",
            "The commitment in the scriptSig lies before the extranonce and is hashed once a job; RSK's and Syscoin's outputs lie behind it.",
        ]
        return report
    }

    private static let batch = 64

    private func contestant(_ name: String, _ job: Job, _ judge: ShareJudge) -> Contestant {
        var random = SplitMix64(seed: 1969)
        let shares = (0..<Self.batch).map { _ in
            ShareInput(
                extranonce: random.bytes(13),
                version: 0x2000_0000 | UInt32(truncatingIfNeeded: random.next()) & 0x1fff_e000,
                time: 0x6700_0000,
                nonce: UInt32(truncatingIfNeeded: random.next())
            )
        }
        var hashes = [Hash256](repeating: .zero, count: shares.count)
        return Contestant(name, units: Double(shares.count)) { repetitions in
            var goals: UInt64 = 0
            for _ in 0..<repetitions {
                var places = hashes.mutableSpan
                judge.judge(shares.span, of: job.plan, into: &places)
                for hash in hashes { goals |= job.goals(of: hash) }
            }
            keep(goals)
        }
    }
}
