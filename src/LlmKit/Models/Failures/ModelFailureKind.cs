namespace LlmKit.Models;

/// <summary>Why a model did not answer, in terms that decide what to do next.</summary>
/// <remarks>Only the transient kinds are retried and count against a model's health: see <see cref="ModelFailure.IsTransient"/>.</remarks>
public enum ModelFailureKind
{
    /// <summary>Not recognised: neither retried nor counted against the model's health.</summary>
    Unknown,

    /// <summary>Too many requests or tokens in the provider's window (HTTP 429). Transient.</summary>
    RateLimited,

    /// <summary>The provider has no capacity (HTTP 503, Anthropic's 529). Transient.</summary>
    Overloaded,

    /// <summary>No answer in time, ours or the provider's (HTTP 408, 504). Transient.</summary>
    Timeout,

    /// <summary>A passing fault: connection lost, HTTP 500 or 502, an answer that is not one. Transient.</summary>
    Transient,

    /// <summary>The key is missing, wrong or not allowed to use the model (HTTP 401, 403).</summary>
    Unauthorized,

    /// <summary>The request itself is wrong (HTTP 400, 422): it would fail on every try.</summary>
    InvalidRequest,

    /// <summary>The prompt and the answer do not fit the model's context window.</summary>
    ContextLengthExceeded,

    /// <summary>The provider's filter refused the prompt. An answer, not an outage.</summary>
    ContentFiltered,

    /// <summary>The account has no credit left (OpenAI's <c>insufficient_quota</c>, HTTP 402).</summary>
    QuotaExhausted,

    /// <summary>The provider does not know the model or deployment (HTTP 404).</summary>
    ModelNotFound,

    /// <summary>The stream ended without a finish reason. Transient, but nothing that was shown can be taken back.</summary>
    Truncated,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
