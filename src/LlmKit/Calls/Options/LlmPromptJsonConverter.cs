using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmKit.Calls;

/// <summary>Writes <c>null</c>: a prompt rides on options, which are serialised for logs and cache keys of others.</summary>
internal sealed class LlmPromptJsonConverter : JsonConverter<LlmPrompt>
{
    public override LlmPrompt? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, LlmPrompt value, JsonSerializerOptions options) => writer.WriteNullValue();
}
