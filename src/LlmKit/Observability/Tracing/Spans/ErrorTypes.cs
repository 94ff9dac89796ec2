using System.Reflection;
using LlmKit.Models;

namespace LlmKit.Observability.Tracing;

/// <summary>The values of <c>error.type</c>: a word for each kind of failure, else the exception's type, of which there is a bounded number.</summary>
internal static class ErrorTypes
{
    public const string Timeout = "timeout";
    public const string Other = "_OTHER";
    private const int MostTypes = 100;

    private static readonly CappedNames Types = new(MostTypes);

    public static string Of(Exception exception)
    {
        if (exception.GetModelFailure() is { } failure && Of(failure.Kind) is { } kind)
            return kind;
        while (exception is AggregateException or TargetInvocationException && exception.InnerException is { } inner)
            exception = inner;
        return NameOf(exception.GetType());
    }

    public static string? Of(ModelFailureKind kind) => kind switch
    {
        ModelFailureKind.RateLimited => "rate_limited",
        ModelFailureKind.Overloaded => "overloaded",
        ModelFailureKind.Timeout => Timeout,
        ModelFailureKind.Transient => "transient",
        ModelFailureKind.Unauthorized => "unauthorized",
        ModelFailureKind.InvalidRequest => "invalid_request",
        ModelFailureKind.ContextLengthExceeded => "context_length_exceeded",
        ModelFailureKind.ContentFiltered => "content_filtered",
        ModelFailureKind.QuotaExhausted => "quota_exhausted",
        ModelFailureKind.ModelNotFound => "model_not_found",
        ModelFailureKind.Truncated => "truncated",
        ModelFailureKind.Cancelled => "cancelled",
        _ => null,
    };

    private static string NameOf(Type type)
    {
        // The full name of a generic type spells its arguments out, with their assemblies.
        var name = type.IsGenericType ? $"{type.Namespace}.{type.Name}" : type.FullName ?? type.Name;
        var known = Types.Get(name);
        return ReferenceEquals(known, CappedNames.Other) ? Other : known;
    }
}
