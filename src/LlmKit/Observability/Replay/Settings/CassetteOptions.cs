using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>The settings of a <see cref="Cassette"/>.</summary>
/// <remarks>Read once, when the cassette is opened. Redaction and normalisers must be the same when recording and when replaying, as they are part of the key.</remarks>
public sealed class CassetteOptions
{
    /// <summary>Gets or sets what the cassette does.</summary>
    /// <value><see cref="CassetteMode.Auto"/> by default. The environment variable <c>LLMKIT_CASSETTE_MODE</c> takes its place when <see cref="ReadEnvironment"/> is on.</value>
    public CassetteMode Mode { get; set; } = CassetteMode.Auto;

    /// <summary>Gets or sets whether <c>LLMKIT_CASSETTE_MODE</c> takes the place of <see cref="Mode"/>: one switch to record all tests anew.</summary>
    /// <value><see langword="true"/> by default; it means nothing for a cassette in memory.</value>
    public bool ReadEnvironment { get; set; } = true;

    /// <summary>Gets or sets what takes secrets and personal data out of a text before it is hashed, compared or stored.</summary>
    /// <remarks>
    /// It gets whole texts: the pieces of a stream are joined first. It must be deterministic, else nothing is found again. A text at which it
    /// throws is not stored, and <see cref="Cassette.SaveAsync"/> fails. Names of models and tools, ids and the bytes of images do not pass through it.
    /// </remarks>
    /// <value><see langword="null"/> by default: texts are stored as they are.</value>
    public Func<string, string>? Redact { get; set; }

    /// <summary>Gets what makes texts of requests alike that differ only in what changes from run to run, in order.</summary>
    /// <value>GUIDs, ISO 8601 times and temporary paths by default: see <see cref="CassetteNormalizers"/>. Clear it, or add your own.</value>
    public IList<Func<string, string>> Normalizers { get; } = [CassetteNormalizers.Guids, CassetteNormalizers.IsoTimes, CassetteNormalizers.TemporaryPaths];

    /// <summary>Gets the names in <see cref="ChatOptions.AdditionalProperties"/> that are part of the key.</summary>
    /// <value>Empty by default.</value>
    public ISet<string> KeyProperties { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Gets or sets whether a request that was made more often than it was recorded begins with the first answer again.</summary>
    /// <value><see langword="false"/> by default: it is a miss.</value>
    public bool WrapAround { get; set; }

    /// <summary>Gets or sets whether a miss quotes texts, redacted and normalised.</summary>
    /// <value><see langword="true"/> by default: the file holds such texts too. Turn it off where messages of exceptions are kept by strangers.</value>
    public bool ShowTexts { get; set; } = true;

    /// <summary>Gets or sets whether the time of recording and the provider's own times are stored.</summary>
    /// <value><see langword="false"/> by default, so that recording the same again changes nothing in the file.</value>
    public bool KeepTimes { get; set; }

    /// <summary>Gets or sets whether the times between the updates of streams are stored.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool RecordTimings { get; set; }

    /// <summary>Gets or sets whether stored times between updates are waited for when replaying.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool ReplayTimings { get; set; }

    /// <summary>Gets or sets the clock for times and timings.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets what recognises a provider's own exceptions, so that they fail alike when replayed.</summary>
    /// <value><see langword="null"/> by default: what <c>GetModelFailure()</c> knows, which is plain HTTP and what an edge has seen.</value>
    public Func<Exception, ModelFailure?>? ClassifyFailure { get; set; }

    /// <summary>Gets or sets what measures how alike two texts are in <see cref="CassetteMode.Verify"/>.</summary>
    /// <value><see langword="null"/> by default: it is not measured. It is asked once for each text that differs, which may cost money.</value>
    public IEmbeddingGenerator<string, Embedding<float>>? Embeddings { get; set; }

    /// <summary>Gets or sets by how much tokens may change before <see cref="CassetteMode.Verify"/> counts it as drift.</summary>
    /// <value>A share of the recorded tokens, 0 or more; 0.2 by default.</value>
    public double UsageTolerance { get; set; } = 0.2;
}
