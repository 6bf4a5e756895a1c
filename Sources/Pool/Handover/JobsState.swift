import Accounting
import Bitcoin
import MergeMining
import Stratum

/// What a job maker knows, for the process that goes on making jobs.
struct JobsState: Sendable {
    var serial: UInt32 = 0
    var tipCount: UInt64 = 0
    var tip: ParentTip?
    var template: BlockTemplate?
    var templateAge = Duration.zero
    var publishedAge = Duration.zero
    var isEmptyJob = false
    /// Payout groups with a coinbase of their own.
    var groups: [UInt32: CoinbaseSplit] = [:]
    /// The jobs that shares may still name.
    var jobs: [Job] = []

    /// Tips and templates travel once, whatever number of jobs has them.
    ///
    /// - Parameter rules: those of a configured AuxPoW chain; a job that commits to another chain's work stays behind.
    mutating func pass(through stream: inout HandoverStream, rules: (String) -> AuxPowRules?) throws(HandoverStream.Failure) {
        try stream.pass(&serial)
        try stream.pass(&tipCount)
        try stream.pass(&isEmptyJob)
        try stream.pass(duration: &templateAge)
        try stream.pass(duration: &publishedAge)
        try passGroups(through: &stream)
        var tables = JobTables(jobs, tip: tip, template: template)
        try tables.pass(through: &stream, rules: rules)
        var (tipPlace, templatePlace) = (tables.place(of: tip), tables.place(of: template))
        try stream.pass(&tipPlace)
        try stream.pass(&templatePlace)
        if stream.isReading { (tip, template) = (tables.tip(at: tipPlace), tables.template(at: templatePlace)) }
        var recipes = jobs.compactMap { JobRecipe($0, tables) }
        try stream.pass(&recipes, blank: JobRecipe()) { stream, recipe throws(HandoverStream.Failure) in try recipe.pass(through: &stream) }
        guard stream.isReading else { return }
        jobs = recipes.compactMap { $0.job(tables) }
        // Miners whose job is gone must not wait for the next usual one.
        if jobs.count < recipes.count { publishedAge = .seconds(3_600) }
    }

    private mutating func passGroups(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var list = groups.map { (group: $0, script: $1.account.bytes, fee: $1.fee.millionths) }.sorted { $0.group < $1.group }
        try stream.pass(&list, blank: (0, [], 0)) { stream, entry throws(HandoverStream.Failure) in
            try stream.pass(&entry.group)
            try stream.pass(&entry.script)
            try stream.pass(&entry.fee)
        }
        guard stream.isReading else { return }
        for entry in list { groups[entry.group] = CoinbaseSplit(account: Script(entry.script), fee: .init(millionths: entry.fee)) }
    }
}

extension HandoverStream {
    mutating func pass(duration: inout Duration) throws(Failure) {
        var (seconds, attoseconds) = duration.components
        try pass(&seconds)
        try pass(&attoseconds)
        if isReading { duration = Duration(secondsComponent: seconds, attosecondsComponent: attoseconds) }
    }
}
