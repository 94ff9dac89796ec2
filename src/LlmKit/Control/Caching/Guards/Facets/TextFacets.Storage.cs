namespace LlmKit.Control.Caching;

internal sealed partial class TextFacets
{
    /// <summary>Changes whenever the same text gives other hashes: facets of two versions must not be compared.</summary>
    private const byte Version = 1;

    /// <summary>Writes the facets so that <see cref="Read"/> gives them back. No word of the text is in it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Version);
        writer.Write((ushort)Traits.Kinds);
        writer.Write((byte)Traits.Script);
        writer.Write((byte)Traits.Language);
        writer.Write((byte)Traits.Shape);
        for (var part = 0; part < FacetBounds.Count; part++)
            writer.Write(_ends[part]);
        foreach (var hash in _hashes)
            writer.Write(hash);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It was written by another version, is cut short or damaged.</exception>
    public static TextFacets Read(BinaryReader reader)
    {
        try
        {
            if (reader.ReadByte() is var version && version != Version)
                throw new InvalidDataException($"The facets are of version '{version}', and this library compares those of version '{Version}'. Read them anew from their texts.");
            var traits = ReadTraits(reader);
            var ends = ReadEnds(reader);
            var hashes = new uint[ends[FacetBounds.Count - 1]];
            for (var i = 0; i < hashes.Length; i++)
                hashes[i] = reader.ReadUInt32();
            var facets = new TextFacets(hashes, ends, traits);
            facets.CheckSets();
            return facets;
        }
        catch (EndOfStreamException end)
        {
            throw new InvalidDataException("The facets are cut short. Read them anew from their texts.", end);
        }
    }

    private static FacetTraits ReadTraits(BinaryReader reader)
    {
        var traits = new FacetTraits((QuestionKinds)reader.ReadUInt16(), (TextScript)reader.ReadByte(), (TextLanguage)reader.ReadByte(), (TextShape)reader.ReadByte());
        const TextShape All = TextShape.Negated | TextShape.Symmetric | TextShape.Passive | TextShape.Several;
        return Enum.IsDefined(traits.Script) && Enum.IsDefined(traits.Language) && (traits.Shape & ~All) == 0 ? traits : throw Damaged();
    }

    private static FacetBounds ReadEnds(BinaryReader reader)
    {
        var ends = default(FacetBounds);
        for (var part = 0; part < FacetBounds.Count; part++)
        {
            ends[part] = reader.ReadUInt16();
            if (part > 0 && ends[part] < ends[part - 1])
                throw Damaged();
        }

        return ends;
    }

    private void CheckSets()
    {
        for (var part = FacetPart.Words; (int)part < FacetBounds.Count; part++)
        {
            if (!part.IsLine && !SortedHashes.IsSet(this[part]))
                throw Damaged();
        }
    }

    private static InvalidDataException Damaged() => new("The facets are damaged. Read them anew from their texts.");
}
