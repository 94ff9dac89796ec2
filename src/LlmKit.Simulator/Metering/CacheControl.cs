namespace LlmKit.Simulator.Metering;

/// <summary>How the provider's prompt cache treats a request's system text.</summary>
internal enum CacheControl
{
    /// <summary>Not cached: the request does not ask for it.</summary>
    None,

    /// <summary>Cached without asking and without a charge for writing, as OpenAI does.</summary>
    Automatic,

    /// <summary>Cached because the request marks it, writes reported, as Anthropic does.</summary>
    Marked,
}
