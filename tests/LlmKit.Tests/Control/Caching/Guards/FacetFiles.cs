using LlmKit.Control.Caching;

namespace LlmKit.Tests.Control.Caching.Guards;

/// <summary>Facets as bytes and back.</summary>
internal static class FacetFiles
{
    public static byte[] Write(TextFacets facets)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
            facets.Write(writer);
        return bytes.ToArray();
    }

    public static TextFacets Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return TextFacets.Read(reader);
    }
}
