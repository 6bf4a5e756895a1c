import Glibc

/// Curves over the number of connections, as SVG: a logarithmic axis to the right, a linear one upwards from zero.
struct Chart {
    struct Line {
        let name: String
        let points: [(x: Double, y: Double)]
    }

    let title: String
    let unit: String
    let lines: [Line]

    private static let (width, height) = (720.0, 380.0)
    private static let (left, right, top, bottom) = (64.0, 24.0, 44.0, 52.0)
    /// Apart for those who see no colour as well: each line also has a mark of its own.
    private static let colours = ["#1b6ca8", "#c8553d", "#6b8f3c", "#7a5195"]

    var svg: String {
        let all = lines.flatMap(\.points)
        let (low, high) = (log10(all.map(\.x).min() ?? 1), log10(all.map(\.x).max() ?? 10))
        let step = Self.step(for: all.map(\.y).max() ?? 1)
        let most = step * (((all.map(\.y).max() ?? 1) * 1.05) / step).rounded(.up)
        func x(_ value: Double) -> Double { Self.left + (log10(value) - low) / max(high - low, 1e-9) * (Self.width - Self.left - Self.right) }
        func y(_ value: Double) -> Double { Self.height - Self.bottom - value / most * (Self.height - Self.top - Self.bottom) }
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 380\" font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"720\" height=\"380\" fill=\"#ffffff\"/>",
            "<text x=\"64\" y=\"20\" font-size=\"15\" fill=\"#222222\">\(title), \(unit)</text>",
        ]
        var mark = 0.0
        while mark <= most * 1.0001 {
            parts.append("<path d=\"M64 \(Self.short(y(mark)))H696\" stroke=\"#dddddd\"/>")
            parts.append("<text x=\"58\" y=\"\(Self.short(y(mark) + 4))\" text-anchor=\"end\" fill=\"#444444\">\(Self.short(mark))</text>")
            mark += step
        }
        for value in Set(all.map(\.x)).sorted() {
            parts.append("<text x=\"\(Self.short(x(value)))\" y=\"346\" text-anchor=\"middle\" fill=\"#444444\">\(Int(value))</text>")
        }
        parts.append("<text x=\"380\" y=\"368\" text-anchor=\"middle\" fill=\"#444444\">connections</text>")
        for (index, line) in lines.enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            let path = line.points.enumerated().map { "\($0.offset == 0 ? "M" : "L")\(Self.short(x($0.element.x))) \(Self.short(y($0.element.y)))" }
            parts.append("<path d=\"\(path.joined())\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"/>")
            for point in line.points { parts.append(Self.mark(index, x(point.x), y(point.y), colour)) }
            let place = Self.left + 16 + Double(index) * 158
            parts.append(Self.mark(index, place, 36, colour))
            parts.append("<text x=\"\(Self.short(place + 10))\" y=\"40\" fill=\"#222222\">\(line.name)</text>")
        }
        return parts.joined(separator: "\n") + "\n</svg>\n"
    }

    func save(to path: String) throws(LoadFailure) {
        guard let file = fopen(path, "w") else { throw LoadFailure(description: "\(path) cannot be written") }
        defer { fclose(file) }
        fputs(svg, file)
    }

    private static func mark(_ index: Int, _ x: Double, _ y: Double, _ colour: String) -> String {
        switch index % 4 {
        case 0: "<circle cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"4\" fill=\"\(colour)\"/>"
        case 1: "<rect x=\"\(short(x - 4))\" y=\"\(short(y - 4))\" width=\"8\" height=\"8\" fill=\"\(colour)\"/>"
        case 2: "<path d=\"M\(short(x)) \(short(y - 5))l5 9h-10z\" fill=\"\(colour)\"/>"
        default: "<path d=\"M\(short(x)) \(short(y - 6))l5 6l-5 6l-5 -6z\" fill=\"\(colour)\"/>"
        }
    }

    /// 1, 2 or 5 times a power of ten, so that there are four to ten lines.
    private static func step(for most: Double) -> Double {
        let power = pow(10, floor(log10(max(most, 1e-9))))
        let part = most / power
        return part < 2 ? power / 5 : part < 5 ? power / 2 : power
    }

    /// At most two decimals.
    private static func short(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        if hundredths.isMultiple(of: 100) { return String(hundredths / 100) }
        return Table.Cell.real(value, decimals: hundredths.isMultiple(of: 10) ? 1 : 2).shown
    }
}
