namespace LlmKit.Control.Caching;

/// <summary>What the guards compare of a text: read once, when it is asked or stored, and held as hashes, never as words.</summary>
/// <remarks>
/// Immutable, thread-safe. A question of 12 words takes some 230 bytes. The hashes are 32 bits wide and have no key: two different words are one
/// to the guards once in four thousand million, or when somebody searches for such a pair; what is compared then are still all the other
/// words, and the similarity.
/// </remarks>
internal sealed partial class TextFacets
{
    // An object's head, the reference to the hashes, the ends of the parts and the traits.
    private const long ObjectBytes = 16 + 8 + (sizeof(ushort) * FacetBounds.Count) + 8;
    private const long ArrayBytes = 24;

    private readonly uint[] _hashes;
    private readonly FacetBounds _ends;

    public TextFacets(uint[] hashes, FacetBounds ends, FacetTraits traits)
    {
        _hashes = hashes;
        _ends = ends;
        Traits = traits;
    }

    public FacetTraits Traits { get; }

    /// <summary>Gets the bytes of memory held.</summary>
    public long Size => Rounded(ObjectBytes) + Rounded(ArrayBytes + (sizeof(uint) * (long)_hashes.Length));

    public ReadOnlySpan<uint> this[FacetPart part]
    {
        get
        {
            var start = part == 0 ? 0 : _ends[(int)part - 1];
            return _hashes.AsSpan(start, _ends[(int)part] - start);
        }
    }

    public static TextFacets Of(string text) => new FacetReader(text).Read();

    /// <summary>The runtime gives memory in pieces of 8 bytes.</summary>
    private static long Rounded(long bytes) => (bytes + 7) / 8 * 8;
}
