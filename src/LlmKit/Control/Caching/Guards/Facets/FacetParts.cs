namespace LlmKit.Control.Caching;

/// <summary>Tells the two kinds of parts.</summary>
internal static class FacetParts
{
    extension(FacetPart part)
    {
        /// <summary>Whether the part keeps order and repetitions; the others are sorted sets.</summary>
        public bool IsLine => part is FacetPart.Content or FacetPart.NameOrder or FacetPart.NumberOrder;
    }
}
