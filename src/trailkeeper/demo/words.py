"""The vocabulary of the demo: names of things, and the values they take."""

from __future__ import annotations

from random import Random
from typing import Final

PROJECT, MODEL, ENDPOINT = "PROJECT", "MODEL", "ENDPOINT"
CLUSTER, BENCHMARK, API_KEY = "CLUSTER", "BENCHMARK", "API_KEY"
USER, SETTINGS = "USER", "SETTINGS"
KINDS: Final = (PROJECT, MODEL, ENDPOINT, CLUSTER, BENCHMARK, API_KEY)

AREAS: Final = (
    "Customer Support",
    "Invoice",
    "Contract",
    "Claims",
    "Onboarding",
    "Knowledge Base",
    "Fraud",
    "Speech",
    "Catalog",
    "Logistics",
    "Recruiting",
    "Code Review",
    "Legal",
    "Marketing Copy",
    "Sensor",
)
PURPOSES: Final = (
    "Copilot",
    "Extraction",
    "Search",
    "Triage",
    "Summaries",
    "Classifier",
    "Assistant",
    "Translation",
    "Forecast",
    "Moderation",
)
FAMILIES: Final = ("llama-3.1", "mistral", "qwen2.5", "gemma-2", "phi-4", "acme-base")
SIZES: Final = ("3b", "7b", "8b", "14b", "32b", "70b")
VARIANTS: Final = ("instruct", "chat", "lora", "dpo", "awq", "gguf-q4", "embed", "rerank")
STAGES: Final = ("prod", "staging", "dev", "canary", "eu-prod", "us-prod")
REGIONS: Final = ("eu-central", "eu-west", "us-east", "us-west", "ap-south")
POOLS: Final = ("gpu-h100", "gpu-a100", "gpu-l40s", "cpu")
SUITES: Final = (
    "mmlu",
    "gsm8k",
    "latency-p95",
    "throughput",
    "helpfulness",
    "toxicity",
    "rag-eval",
)
KEY_USES: Final = ("ci", "notebook", "integration", "dashboard", "migration", "load-test")

# What can be changed on each kind of resource, and to what. The first value is the default.
FIELDS: Final[dict[str, tuple[tuple[str, tuple[object, ...]], ...]]] = {
    PROJECT: (
        ("description", ("", "Pilot for two customers", "In production", "Paused until Q1")),
        ("budget_eur", (500, 1000, 2500, 5000, 10000)),
        ("visibility", ("team", "organization", "private")),
        ("tags", (["pilot"], ["customer"], ["internal", "research"], ["gdpr"])),
    ),
    MODEL: (
        ("license", ("apache-2.0", "llama-community", "proprietary")),
        ("stage", ("draft", "candidate", "approved", "deprecated")),
        ("quantization", ("none", "int8", "int4", "fp8")),
        ("max_tokens", (4096, 8192, 16384, 32768)),
    ),
    ENDPOINT: (
        ("replicas", (2, 1, 3, 4, 6, 8, 12)),
        ("replicas", (2, 1, 3, 4, 6, 8, 12)),
        ("timeout_ms", (30000, 15000, 60000, 120000)),
        ("rate_limit_per_minute", (600, 60, 1200, 6000)),
        ("autoscaling", (False, True)),
        ("log_level", ("info", "debug", "warning")),
    ),
    CLUSTER: (
        ("node_count", (4, 2, 6, 8, 16)),
        ("driver_version", ("550.127", "560.35", "570.86")),
        ("maintenance_window", ("Sun 02:00", "Sat 03:00", "Wed 01:00")),
        ("cordoned", (False, True)),
    ),
    BENCHMARK: (
        ("sample_size", (500, 100, 1000, 5000)),
        ("threshold", (0.8, 0.75, 0.85, 0.9)),
        ("schedule", ("none", "nightly", "weekly")),
    ),
    API_KEY: (
        ("scopes", (["model:read"], ["model:read", "endpoint:invoke"], ["endpoint:invoke"])),
    ),
}

TABS: Final[dict[str, tuple[str, ...]]] = {
    PROJECT: ("overview", "members", "settings", "activity"),
    MODEL: ("overview", "versions", "evaluations", "files"),
    ENDPOINT: ("overview", "metrics", "logs", "playground"),
    CLUSTER: ("overview", "nodes", "utilization"),
    BENCHMARK: ("results", "runs", "configuration"),
    API_KEY: ("overview",),
}
DELETE_REASONS: Final = (
    "No longer needed",
    "Replaced by a newer version",
    "Experiment finished",
    "Created by mistake",
    "Cost reduction",
    "Duplicate",
)
FAILURES: Final = (
    "Quota exceeded",
    "Out of GPU memory",
    "Image pull failed",
    "Health check timed out",
    "Permission denied",
    "Conflict: the resource changed meanwhile",
    "Upstream returned 502",
    "Validation failed: unknown quantization",
)
DESCRIPTIONS: Final = (
    "New ML deployment project",
    "Requested by the customer success team",
    "Follow-up of the Q3 evaluation",
    "For the weekly comparison",
    "Trial with a smaller context",
    "Same as production, other region",
    "",
)


def resource_name(rng: Random, kind: str) -> str:
    """A believable name; short ones repeat now and then, as they do in life."""
    pick = rng.choice
    if kind == PROJECT:
        return f"{pick(AREAS)} {pick(PURPOSES)}"
    if kind == MODEL:
        return f"{pick(FAMILIES)}-{pick(SIZES)}-{pick(VARIANTS)}-v{rng.randrange(1, 30)}"
    if kind == ENDPOINT:
        area = pick(AREAS).lower().replace(" ", "-")
        return f"{area}-{pick(PURPOSES).lower()}-{pick(STAGES)}"
    if kind == CLUSTER:
        return f"{pick(REGIONS)}-{pick(POOLS)}-{rng.randrange(1, 9)}"
    if kind == BENCHMARK:
        return f"{pick(SUITES)}-{pick(FAMILIES)}-{pick(SIZES)}-{rng.randrange(100, 1000)}"
    return f"{pick(KEY_USES)}-key-{rng.randrange(10, 100)}"
