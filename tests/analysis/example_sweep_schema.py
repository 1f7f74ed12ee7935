"""Schema and meta table of an example sweep."""

PARTS = (
    "compute_s", "straggler_s", "encode_s", "queueing_s", "air_s",
    "retransmission_s", "closing_s", "downlink_s", "decode_s",
)  # fmt: skip

SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE cell(cell INTEGER PRIMARY KEY, labels TEXT, training_seed INTEGER, network_seed INTEGER, scenario TEXT,
  key TEXT, kind TEXT, status TEXT, source TEXT, attempts INTEGER, reason TEXT, detail TEXT, log_tail TEXT, ended TEXT,
  fingerprint TEXT, parameters INTEGER, phy_rate_mbps REAL, rounds INTEGER, simulated_s REAL, goodput_mbps REAL,
  fast_forwarded INTEGER, sampling_interval REAL, link_independence TEXT, host_s REAL, host_memory_mb REAL);
CREATE TABLE round(cell INTEGER, round INTEGER, begin_s REAL, simulated_s REAL, train_loss REAL,
  validation_accuracy REAL, test_accuracy REAL, validation_loss REAL, test_loss REAL, participants INTEGER,
  up_serialised_bytes INTEGER, down_serialised_bytes INTEGER, up_information_bits INTEGER,
  down_information_bits INTEGER, up_on_air_bytes INTEGER, down_on_air_bytes INTEGER, fast_forwarded INTEGER,
  compute_s REAL, straggler_s REAL, encode_s REAL, queueing_s REAL, air_s REAL, retransmission_s REAL, closing_s REAL,
  downlink_s REAL, decode_s REAL, PRIMARY KEY(cell, round)) WITHOUT ROWID;
CREATE TABLE target(cell INTEGER, target REAL, split TEXT, reached INTEGER, after_s REAL, by_s REAL,
  after_round INTEGER, round INTEGER, test_accuracy REAL, up_on_air_bytes INTEGER, down_on_air_bytes INTEGER,
  PRIMARY KEY(cell, target)) WITHOUT ROWID;
"""


def describe(example):
    """The meta table as a dict."""
    axes = []
    if example.network_axis:
        axes.append(
            {
                "name": example.network_axis,
                "labels": [f"{rate:g} Mbit/s" for rate in example.rates_mbps],
                "pointers": ["/network/device_rate_mbps"],
                "values": [[rate] for rate in example.rates_mbps],
            }
        )
    if example.method_axis:
        axes.append(
            {
                "name": example.method_axis,
                "labels": list(example.methods),
                "pointers": ["/compression/uplink"],
                "values": [[{"type": method}] for method in example.methods],
            }
        )
    for name, labels in example.other:
        pointer = ["/workers" if name == "workers" else f"/program/{name}"]
        axes.append(
            {"name": name, "labels": list(labels), "pointers": pointer, "values": [[v] for v in labels]}
        )
    return {
        "schema_version": 1,
        "name": example.name,
        "grid": {"name": example.name, "seeds": example.seeds},
        "axes": axes,
        "method_axis": example.method_axis,
        "network_axis": example.network_axis,
        "baselines": list(example.baselines),
        "targets": list(example.targets),
        "target_split": "validation",
        "tune": example.tune,
        "versions": {"telegrad": "0.2.0", "ns3": "3.44", "torch": "2.11.0", "compiler": "g++ 12.2.0"},
        "assumptions": [
            "gradient takes 2 ms per sample (pi_class, assumed)",
            "simulated devices: pi_class, training at 5 GFLOP/s, codecs at 200 MB/s",
            "the down-link is unicast: one copy for each worker",
        ],
        "not_modelled": ["energy", "other networks on the channel", "movement"],
        "warnings": [],
        "seeds": [[seed, seed] for seed in range(1, example.seeds + 1)],
    }


def scenario(method, learning_rate, pair, rate, workers=8):
    return {
        "name": method,
        "workers": workers,
        "seeds": {"training": pair[0], "network": pair[1]},
        "training": {
            "dataset": {"type": "fashion_mnist"},
            "model": {"type": "cnn"},
            "optimizer": {"type": "sgd", "learning_rate": learning_rate},
        },
        "compression": {"uplink": {"type": method}},
        "network": {"type": "ideal", "device_rate_mbps": rate},
        "stop": {"max_rounds": 240, "max_simulated_s": 600},
    }
