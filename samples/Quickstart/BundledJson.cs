using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quickstart;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(WorkloadRequest[]))]
[JsonSerializable(typeof(DeskHandbook))]
[JsonSerializable(typeof(Order[]))]
internal sealed partial class BundledJson : JsonSerializerContext;
