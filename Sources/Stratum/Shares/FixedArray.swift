/// Places for a fixed number of values, addressed by index; memory that is never touched costs nothing.
///
/// The loops' tables use it instead of `Array` so that going through an element neither counts references nor checks for unique ownership. Which
/// places hold a value is for the owner to know: it initializes, moves out and destroys them itself. Every index is checked against the capacity.
struct FixedArray<Element: ~Copyable>: ~Copyable {
    private let base: UnsafeMutablePointer<Element>
    let capacity: Int

    init(capacity: Int) {
        base = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { base.deallocate() }

    @inline(__always)
    private func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: capacity), "index out of range")
        return base + index
    }

    subscript(index: Int) -> Element {
        @inline(__always) unsafeAddress { UnsafePointer(place(index)) }
        @inline(__always) nonmutating unsafeMutableAddress { place(index) }
    }

    /// For owners that hand elements on in place.
    @inline(__always)
    func address(_ index: Int) -> UnsafePointer<Element> { UnsafePointer(place(index)) }

    @inline(__always)
    func mutableAddress(_ index: Int) -> UnsafeMutablePointer<Element> { place(index) }

    /// Fills a place that holds no value.
    func initialize(_ index: Int, to value: consuming Element) { place(index).initialize(to: value) }

    /// Takes the value out of a place, which holds none afterwards.
    func move(_ index: Int) -> Element { place(index).move() }
}

extension FixedArray where Element: BitwiseCopyable {
    /// All places filled with one plain value.
    init(repeating value: Element, count: Int) {
        self.init(capacity: count)
        base.initialize(repeating: value, count: count)
    }

    /// The first `count` places, which must hold values.
    func withPrefix<Result: ~Copyable>(_ count: Int, _ body: (UnsafeMutableBufferPointer<Element>) -> Result) -> Result {
        precondition(count <= capacity, "range out of range")
        return body(UnsafeMutableBufferPointer(start: base, count: count))
    }
}
