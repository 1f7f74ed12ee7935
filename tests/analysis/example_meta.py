"""Schema and meta table of an example run."""

SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE node(node INTEGER PRIMARY KEY, role TEXT, x REAL, y REAL, samples INTEGER, label_histogram TEXT,
  speed_factor REAL);
CREATE TABLE round(round INTEGER PRIMARY KEY, begin_s REAL, simulated_s REAL, train_loss REAL,
  validation_accuracy REAL, test_accuracy REAL, validation_loss REAL, test_loss REAL, participants INTEGER,
  up_information_bits INTEGER, up_serialised_bytes INTEGER, up_control_bytes INTEGER, up_on_air_bytes INTEGER,
  down_information_bits INTEGER, down_serialised_bytes INTEGER, down_control_bytes INTEGER,
  down_on_air_bytes INTEGER, fast_forwarded INTEGER);
CREATE TABLE message(id INTEGER PRIMARY KEY, from_node INTEGER, to_node INTEGER, round INTEGER, purpose TEXT,
  channel INTEGER, blocks INTEGER, lost_blocks INTEGER, bytes INTEGER, control_bytes INTEGER,
  queued_ns INTEGER, sent_ns INTEGER, arrived_ns INTEGER, delivered_ns INTEGER, outcome TEXT,
  fast_forwarded INTEGER);
CREATE TABLE span(node INTEGER, round INTEGER, phase TEXT, begin_ns INTEGER, end_ns INTEGER);
"""


def describe(example, evaluations):
    return {
        "schema_version": 2,
        "name": example.name,
        "status": example.status,
        "status_reason": example.status_reason,
        "status_detail": example.status_detail,
        "scenario": scenario(example),
        "versions": {"telegrad": "0.1.0", "ns3": "3.44", "torch": "2.11.0", "compiler": "g++ 12.2.0"},
        "seeds": {"training": 1, "network": 1},
        "fingerprint": "9f2c41d07ab36e58",
        "assumptions": [
            "gradient takes 1.9 ms per sample (pi_class, assumed)",
            "codecs move 200 MB/s (assumed)",
            "the down-link is unicast",
        ],
        "not_modelled": ["energy", "memory of the devices"],
        "warnings": ["feedback at ratio 0.01 limits the effective step"],
        "sampling": sampling(example),
        "targets": [reached(target, evaluations) for target in example.targets],
        "parameters": 18378,
        "phy_rate_mbps": 86.0,
        "link_independent": example.loss == 0,
        "host": {"wall_s": 41.2, "threads": 2, "date": "2026-11-22T10:00:00Z"},
    }


def sampling(example):
    if not example.simulated:
        return None
    return {
        "rounds": 32,
        "tolerance": 0.02,
        "fast_forwarded": example.rounds - example.simulated,
        "simulated": example.simulated,
        "interval": 0.0123,
        "held_out_error": -0.004,
        "gave_up_after": None,
    }


def reached(target, evaluations):
    after = None
    for number, end_s, accuracy in evaluations:
        if accuracy >= target:
            return {
                "target": target,
                "split": "validation",
                "reached": True,
                "after_s": after,
                "by_s": end_s,
                "round": number,
            }
        after = end_s
    return {
        "target": target,
        "split": "validation",
        "reached": False,
        "after_s": after,
        "by_s": None,
        "round": None,
    }


def scenario(example):
    return {
        "name": example.name,
        "workers": example.workers,
        "seeds": {"training": 1, "network": 1},
        "training": {
            "dataset": {"type": "fashion_mnist"},
            "partition": {"type": "dirichlet", "alpha": 0.5},
            "model": {"type": "cnn"},
            "batch_size_per_worker": 32,
        },
        "compression": {"uplink": {"type": "top_k", "ratio": 0.01}, "downlink": {"type": "union_sparse"}},
        "program": {"type": "synchronous", "exchange": {"type": "star"}},
        "network": {
            "type": "wifi",
            "standard": "802.11ax",
            "band_ghz": 5,
            "channel_width_mhz": 20,
            "rate": {"type": "constant", "mcs": 7},
            "placement": {"type": "disc", "radius_m": 10},
            "transport": {"uplink": {"type": "datagram"}, "downlink": {"type": "tcp"}},
        },
        "simulated_device": {"profile": "pi_class"},
        "evaluation": {
            "every_rounds": example.evaluate_every,
            "split": "validation",
            "targets": list(example.targets),
        },
        "stop": {"max_rounds": example.rounds},
    }
