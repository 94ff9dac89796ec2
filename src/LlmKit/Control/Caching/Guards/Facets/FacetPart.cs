namespace LlmKit.Control.Caching;

/// <summary>The lists of hashes that make up the facets of a text. The values are positions in a file: add at the end.</summary>
internal enum FacetPart
{
    /// <summary>All words as they stand, their stems and the initials of names: what the text knows. A sorted set.</summary>
    Words = 0,

    /// <summary>The words that carry meaning, without endings, in order.</summary>
    Content,

    /// <summary>The same as a sorted set.</summary>
    Terms,

    /// <summary>The families of those terms that no other word stands in for: premium, Paris, mortgage. A sorted set.</summary>
    Specific,

    /// <summary>The numbers in one form. A sorted set.</summary>
    Numbers,

    /// <summary>Identifiers. A sorted set.</summary>
    Codes,

    /// <summary>The words in quotation marks. A sorted set.</summary>
    Quotes,

    /// <summary>The capitalised words and the symbols. A sorted set.</summary>
    Names,

    /// <summary>The names in order.</summary>
    NameOrder,

    /// <summary>The numbers in order.</summary>
    NumberOrder,

    /// <summary>Currencies and what is measured. A sorted set.</summary>
    Units,

    /// <summary>Days, months and words such as yesterday. A sorted set.</summary>
    Moments,

    /// <summary>A group of opposites in the upper bits and the side taken in the lower byte. A sorted set.</summary>
    Sides,

    /// <summary>What stands after from and to, the lowest bit telling which. A sorted set.</summary>
    Courses,

    /// <summary>What a word denies by its beginning: from unverified, the stem of verified. A sorted set.</summary>
    Denied,
}
