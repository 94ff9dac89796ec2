using System.Runtime.CompilerServices;

namespace LlmKit.Calls;

/// <summary>Remembers which call an exception ended, without changing the exception.</summary>
internal static class CallErrors
{
    private static readonly ConditionalWeakTable<Exception, LlmCall> Calls = [];

    public static void Attach(Exception exception, LlmCall call) => Calls.AddOrUpdate(exception, call);

    public static LlmException NoAnswer(LlmCall call) =>
        new($"A decorator in the pipeline '{call.Pipeline}' returned null. Return what the inner client returned, or throw.");

    public static LlmCall? Find(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (Calls.TryGetValue(exception, out var call))
                return call;
        }

        return null;
    }
}
