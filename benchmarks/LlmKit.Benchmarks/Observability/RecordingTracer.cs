using LlmKit.Calls;
using LlmKit.Observability.Tracing;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Observability;

/// <summary>A tracer that hands records to nobody: what is measured is the call's own part, not the writer's.</summary>
internal static class RecordingTracer
{
    public static TracingChatClient Around(IChatClient model) =>
        new(model, new(TracingPolicy.Compile(new(), [])), CallSetup.Alone("tracing", time: null, logger: null), new NobodysRecorder());

    private sealed class NobodysRecorder : ICallRecorder
    {
        private readonly CallRecording _recording = new();

        public CallRecording? Begin(LlmCall call)
        {
            (_recording.Call, _recording.WantsContent) = (call, true);
            return _recording;
        }

        public void Asked(CallRecording recording)
        {
        }

        public bool TryAnswer(CallRecording recording) => true;

        public void End(CallRecording recording) => recording.Reset();
    }
}
