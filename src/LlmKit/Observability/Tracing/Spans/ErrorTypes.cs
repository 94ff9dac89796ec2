using System.Reflection;
using LlmKit.Models;

namespace LlmKit.Observability.Tracing;

/// <summary>The values of <c>error.type</c>: a word for each kind of failure, else the exception's type, of which there is a bounded number.</summary>
internal static class ErrorTypes
{
    private const int MostTypes = 100;

    private static readonly CappedNames Types = new(MostTypes);

    public static string Of(Exception exception)
    {
        if (exception.GetModelFailure() is { Kind: not ModelFailureKind.Unknown } failure)
            return FailureNames.Of(failure.Kind);
        while (exception is AggregateException or TargetInvocationException && exception.InnerException is { } inner)
            exception = inner;
        return NameOf(exception.GetType());
    }

    private static string NameOf(Type type)
    {
        // The full name of a generic type spells its arguments out, with their assemblies.
        var name = type.IsGenericType ? $"{type.Namespace}.{type.Name}" : type.FullName ?? type.Name;
        var known = Types.Get(name);
        return ReferenceEquals(known, CappedNames.Other) ? FailureNames.Other : known;
    }
}
