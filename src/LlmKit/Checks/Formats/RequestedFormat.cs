using System.Runtime.CompilerServices;
using System.Text.Json;
using LlmKit.Checks.Schemas;
using Microsoft.Extensions.AI;

namespace LlmKit.Checks.Formats;

/// <summary>The form that the request asks for.</summary>
internal sealed class RequestedFormat : IAnswerFormat
{
    private static readonly JsonFormat Any = new(null);

    private readonly ConditionalWeakTable<ChatResponseFormatJson, JsonFormat> _formats = [];

    public IReadOnlyList<string> Check(string answer, ChatOptions options) =>
        options.ResponseFormat is not ChatResponseFormatJson requested ? []
        : requested.Schema is null ? Any.Check(answer, options)
        : _formats.GetValue(requested, static format => Compiled(format.Schema!.Value)).Check(answer, options);

    /// <summary>A schema that says what is not understood here is the provider's to hold; that it is JSON is checked all the same.</summary>
    private static JsonFormat Compiled(JsonElement schema)
    {
        try
        {
            return new(JsonSchema.Compile(schema));
        }
        catch (ArgumentException)
        {
            return Any;
        }
    }
}
