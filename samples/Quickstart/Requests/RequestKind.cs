using System.Text.Json.Serialization;

namespace Quickstart;

/// <summary>What a request of the workload is there to show.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RequestKind>))]
internal enum RequestKind
{
    [JsonStringEnumMemberName("plain")]
    Plain,

    /// <summary>The same words again, by the same user.</summary>
    [JsonStringEnumMemberName("repeat")]
    Repeat,

    /// <summary>Other words for an earlier question, with the same answer.</summary>
    [JsonStringEnumMemberName("paraphrase")]
    Paraphrase,

    /// <summary>Nearly or exactly the words of an earlier question, with another answer.</summary>
    [JsonStringEnumMemberName("near-duplicate")]
    NearDuplicate,

    /// <summary>An e-mail address, a payment card or a bank account stands in the text.</summary>
    [JsonStringEnumMemberName("personal")]
    Personal,

    /// <summary>An API key stands in the text.</summary>
    [JsonStringEnumMemberName("secret")]
    Secret,

    /// <summary>The text, or the result of the tool that it leads to, tries to command the model.</summary>
    [JsonStringEnumMemberName("injection")]
    Injection,

    /// <summary>The answer has 300 to 600 words.</summary>
    [JsonStringEnumMemberName("long")]
    Long,

    /// <summary>The model calls a tool before it answers.</summary>
    [JsonStringEnumMemberName("tool")]
    Tool,

    /// <summary>The tenant's money runs out in the course of the day.</summary>
    [JsonStringEnumMemberName("budget")]
    Budget,
}
