import Stratum

extension StratumServer: JobSink {
    func withdraw() { withdraw(group: nil) }
}
