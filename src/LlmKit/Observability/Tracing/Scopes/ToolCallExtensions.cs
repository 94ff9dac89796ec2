using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Says which call of a model's a tool is used for, so that the span of its use can be joined to the call.</summary>
public static class ToolCallExtensions
{
    private static readonly object Key = new();

    /// <summary>Notes the call that a tool is invoked for. A tool of <see cref="LlmTrace.Traced(AIFunction, TracingOptions?)"/> tells its id as <c>gen_ai.tool.call.id</c>.</summary>
    /// <remarks>
    /// For applications that invoke tools themselves: FunctionInvokingChatClient tells the id on a span of its own. It lies in
    /// <see cref="AIFunctionArguments.Context"/>, which is made where there is none; the tool does not get it as an argument.
    /// </remarks>
    /// <example><c>await tool.InvokeAsync(new AIFunctionArguments(call.Arguments).WithCall(call))</c></example>
    /// <param name="arguments">The arguments of the tool; they are changed. Use them for this call alone.</param>
    /// <param name="call">What the model asked for.</param>
    /// <returns>The same arguments.</returns>
    public static AIFunctionArguments WithCall(this AIFunctionArguments arguments, FunctionCallContent call)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(call);
        (arguments.Context ??= new Dictionary<object, object?>())[Key] = call.CallId;
        return arguments;
    }

    /// <summary>Gives the id of the call that a tool is invoked for; <see langword="null"/> where nobody said.</summary>
    internal static string? IdOf(AIFunctionArguments arguments) =>
        arguments.Context is { } context && context.TryGetValue(Key, out var id) ? id as string : null;
}
