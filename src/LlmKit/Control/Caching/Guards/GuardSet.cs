namespace LlmKit.Control.Caching;

/// <summary>Says whether two similar texts may share an answer.</summary>
internal static class GuardSet
{
    /// <summary>Gives the guard that forbids it. Until there are guards that can tell, all other wordings are forbidden.</summary>
    public static string? Veto(TextFacets asked, TextFacets stored, CacheGuards guards) => asked == stored && guards >= 0 ? null : "unguarded";
}
