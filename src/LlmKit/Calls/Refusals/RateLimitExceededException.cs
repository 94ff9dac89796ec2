using System.Globalization;
using LlmKit.Internal.RateLimiting;

namespace LlmKit;

/// <summary>A rate limit lets nothing more pass for now. Nothing was sent.</summary>
/// <remarks>A router may try another model when it is a model's limit. The message names the limit and its scope, never whose it is.</remarks>
public sealed class RateLimitExceededException : AttemptRefusedException
{
    internal RateLimitExceededException(RateRefusal refusal, string? model)
        : base(RefusalReason.Limit, model, Describe(refusal, model))
    {
        Limit = refusal.Rule.Name;
        Scope = refusal.Rule.Scope;
        Kind = refusal.Kind;
        Most = refusal.Rule.Of(refusal.Kind);
        RetryAfter = refusal.RetryAfter;
    }

    /// <summary>Gets the limit's name; for a model's limit the model's.</summary>
    public string Limit { get; }

    /// <summary>Gets what shares the limit.</summary>
    public RateLimitScope Scope { get; }

    /// <summary>Gets what is used up.</summary>
    public RateLimitKind Kind { get; }

    /// <summary>Gets how much of it the limit allows: in each window, or at once for <see cref="RateLimitKind.Concurrent"/>.</summary>
    public long Most { get; }

    private static string Describe(RateRefusal refusal, string? model)
    {
        var rule = refusal.Rule;
        var most = refusal.Kind == RateLimitKind.Concurrent
            ? string.Create(CultureInfo.InvariantCulture, $"{rule.Concurrent} at once")
            : string.Create(CultureInfo.InvariantCulture, $"{rule.Of(refusal.Kind)} {Words(refusal.Kind)} in {TimeSpan.FromMilliseconds(rule.Window).TotalSeconds:0.###} seconds");
        var who = model is null ? "the call" : $"an attempt on the model '{model}'";
        var what = refusal.Cause switch
        {
            RateRefusalCause.TooLarge => $"{who} asks for more than it ever lets pass. Raise the limit, shorten the request, or set MaxOutputTokens.",
            RateRefusalCause.QueueFull => $"as many as may wait are waiting, so {who} is refused.{When(refusal)}",
            RateRefusalCause.TooLong => $"{who} would have to wait for longer than it may.{When(refusal)}",
            _ => $"{who} is refused.{When(refusal)}",
        };
        return $"The limit '{rule.Name}' ({rule.Scope}) of {most} is reached and {what}";
    }

    private static string When(RateRefusal refusal) => refusal.RetryAfter is { } wait
        ? string.Create(CultureInfo.InvariantCulture, $" Come back in {wait.TotalSeconds:0.###} seconds, or raise the limit.")
        : " Come back when others have ended, or raise the limit.";

    private static string Words(RateLimitKind kind) => kind switch
    {
        RateLimitKind.Requests => "requests",
        RateLimitKind.InputTokens => "input tokens",
        RateLimitKind.OutputTokens => "output tokens",
        _ => "tokens",
    };
}
