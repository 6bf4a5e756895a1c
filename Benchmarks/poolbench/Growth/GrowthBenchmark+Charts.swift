/// The same figures as curves.
extension GrowthBenchmark {
    func draw(_ points: [Point], into folder: String) throws(LoadFailure) {
        func line(_ name: String, _ value: (Point) -> Double) -> Chart.Line {
            Chart.Line(name: name, points: points.map { (Double($0.connections), value($0)) })
        }
        let charts = [
            (
                "growth-cpu",
                Chart(
                    title: "CPU a share",
                    unit: "µs",
                    lines: [
                        line("poold, \(rate)/s", \.atRate), line("echo, \(rate)/s", \.echoAtRate),
                        line("poold, 1 in flight", \.closedLoop), line("echo, 1 in flight", \.echo),
                    ]
                )
            ),
            ("growth-memory", Chart(title: "poold's own memory for its connections", unit: "MB", lines: [line("poold") { Double($0.memory) / 1e6 }])),
            (
                "growth-fanout",
                Chart(
                    title: "A new job, first connection to last",
                    unit: "ms",
                    lines: [line("poold", \.fanOut), line("bare send loops", \.sendLoop)]
                )
            ),
        ]
        for (name, chart) in charts { try chart.save(to: "\(folder)/\(name).svg") }
    }
}
