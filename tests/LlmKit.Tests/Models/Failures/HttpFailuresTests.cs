using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Failures;

[Parallelizable(ParallelScope.All)]
public sealed class HttpFailuresTests
{
    [TestCase(200, ModelFailureKind.Unknown)]
    [TestCase(302, ModelFailureKind.Unknown)]
    [TestCase(400, ModelFailureKind.InvalidRequest)]
    [TestCase(401, ModelFailureKind.Unauthorized)]
    [TestCase(402, ModelFailureKind.QuotaExhausted)]
    [TestCase(403, ModelFailureKind.Unauthorized)]
    [TestCase(404, ModelFailureKind.ModelNotFound)]
    [TestCase(408, ModelFailureKind.Timeout)]
    [TestCase(409, ModelFailureKind.Transient)]
    [TestCase(413, ModelFailureKind.InvalidRequest)]
    [TestCase(422, ModelFailureKind.InvalidRequest)]
    [TestCase(425, ModelFailureKind.Transient)]
    [TestCase(429, ModelFailureKind.RateLimited)]
    [TestCase(500, ModelFailureKind.Transient)]
    [TestCase(501, ModelFailureKind.InvalidRequest)]
    [TestCase(502, ModelFailureKind.Transient)]
    [TestCase(503, ModelFailureKind.Overloaded)]
    [TestCase(504, ModelFailureKind.Timeout)]
    [TestCase(524, ModelFailureKind.Timeout)]
    [TestCase(529, ModelFailureKind.Overloaded)]
    public void Classify_HttpRequestExceptionWithAStatus_GoesByTheStatus(int status, ModelFailureKind kind)
    {
        var failure = Classify(new HttpRequestException("x", null, (HttpStatusCode)status));

        Assert.That(failure, Is.EqualTo(new ModelFailure { Kind = kind, Status = status }));
    }

    private static IEnumerable<TestCaseData> BareExceptions()
    {
        yield return new(new HttpRequestException("refused"), ModelFailureKind.Transient);
        yield return new(new IOException("reset"), ModelFailureKind.Transient);
        yield return new(new HttpIOException(HttpRequestError.ResponseEnded), ModelFailureKind.Transient);
        yield return new(new SocketException((int)SocketError.ConnectionReset), ModelFailureKind.Transient);
        yield return new(new JsonException("<html>"), ModelFailureKind.Transient);
        yield return new(new TimeoutException(), ModelFailureKind.Timeout);
        yield return new(new TaskCanceledException(), ModelFailureKind.Timeout);
        yield return new(new InvalidOperationException("outer", new IOException("inner")), ModelFailureKind.Transient);
        yield return new(new AggregateException(new TimeoutException()), ModelFailureKind.Timeout);
    }

    [TestCaseSource(nameof(BareExceptions))]
    public void Classify_ExceptionWithoutAStatus_GoesByItsType(Exception exception, ModelFailureKind kind)
    {
        var failure = Classify(exception);

        Assert.That(failure, Is.EqualTo(new ModelFailure { Kind = kind }));
    }

    [Test]
    public void Classify_CancellationByTheCaller_IsCancelled()
    {
        var failure = HttpFailures.Classify(new TaskCanceledException(), new CancellationToken(canceled: true));

        Assert.That(failure?.Kind, Is.EqualTo(ModelFailureKind.Cancelled));
    }

    [Test]
    public void Classify_ErrorWhileTheCallerCancelled_StaysTheError()
    {
        var failure = HttpFailures.Classify(new HttpRequestException("x", null, HttpStatusCode.TooManyRequests), new CancellationToken(canceled: true));

        Assert.That(failure?.Kind, Is.EqualTo(ModelFailureKind.RateLimited));
    }

    [Test]
    public void Classify_UnknownException_IsNull() =>
        Assert.That(Classify(new ArgumentException("bug")), Is.Null);

    [Test]
    public void KindOf_Status_IsOpenToOtherProviders() =>
        Assert.That(ModelFailure.KindOf(429), Is.EqualTo(ModelFailureKind.RateLimited));

    private static ModelFailure? Classify(Exception exception) => HttpFailures.Classify(exception, CancellationToken.None);
}
