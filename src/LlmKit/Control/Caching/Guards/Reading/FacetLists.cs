using System.Runtime.InteropServices;

namespace LlmKit.Control.Caching;

/// <summary>Collects the hashes of a text part by part.</summary>
internal sealed class FacetLists
{
    private readonly List<uint>[] _parts = new List<uint>[FacetBounds.Count];

    public FacetLists()
    {
        for (var part = 0; part < _parts.Length; part++)
            _parts[part] = [];
    }

    public List<uint> this[FacetPart part] => _parts[(int)part];

    public TextFacets ToFacets(FacetTraits traits)
    {
        var ends = default(FacetBounds);
        var count = 0;
        for (var part = 0; part < _parts.Length; part++)
        {
            if (!((FacetPart)part).IsLine)
                MakeSet(_parts[part]);
            count += _parts[part].Count;
            ends[part] = checked((ushort)count);
        }

        var hashes = new uint[count];
        var start = 0;
        foreach (var part in _parts)
        {
            part.CopyTo(hashes, start);
            start += part.Count;
        }

        return new(hashes, ends, traits);
    }

    private static void MakeSet(List<uint> hashes)
    {
        hashes.Sort();
        var kept = 0;
        for (var i = 0; i < hashes.Count; i++)
        {
            if (i == 0 || hashes[i] != hashes[i - 1])
                CollectionsMarshal.AsSpan(hashes)[kept++] = hashes[i];
        }

        hashes.RemoveRange(kept, hashes.Count - kept);
    }
}
