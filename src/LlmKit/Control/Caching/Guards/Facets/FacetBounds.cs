using System.Runtime.CompilerServices;

namespace LlmKit.Control.Caching;

/// <summary>Where each part of the facets ends among the hashes.</summary>
[InlineArray(Count)]
internal struct FacetBounds
{
    public const int Count = (int)FacetPart.Denied + 1;

    private ushort _end;
}
