using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmKit.Simulator.Handbooks;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Handbook))]
internal sealed partial class HandbookJson : JsonSerializerContext;
