"""Uses the sandbox through Segmind's own Python SDK (segmind 1.3.0), unmodified.

Usage: check.py ORIGIN. The sandbox runs with faults.toml beside this file. Whatever the SDK sends to a host of
segmind.com goes to ORIGIN; nothing else of it is touched, so its URLs, bodies and responses are held against
the sandbox as they are.
"""

import datetime
import json
import pathlib
import sys
import tempfile
import unittest
from importlib.metadata import version

import httpx
from segmind import AsyncJob, InferenceFailed, SegmindClient, SegmindError

ORIGIN = httpx.URL(sys.argv.pop(1))
KEY = "SG_0123456789abcdef"
DRAFT = {"prompt": "Shot 1: a kite lifts.", "resolution": "480p", "duration": 4, "seed": 7}
MODEL = "seedance-2.0"
FAULTY = "seedance-2.0-mini"
FINISHABLE = "seedance-2.5-draft-final"


class ToSandbox(httpx.BaseTransport):
    """Sends what is meant for segmind.com to the sandbox, and remembers the hosts."""

    def __init__(self):
        self.inner = httpx.HTTPTransport()
        self.hosts = set()

    def close(self):
        self.inner.close()

    def handle_request(self, request):
        host = request.url.host
        self.hosts.add(host)
        if host.endswith(".segmind.com"):
            request.url = request.url.copy_with(scheme="http", host=ORIGIN.host, port=ORIGIN.port)
        elif host != ORIGIN.host:
            raise httpx.ConnectError(f"the SDK asked for {host}")
        return self.inner.handle_request(request)


def connect(test, key=KEY):
    client = SegmindClient(api_key=key)
    built = client._client
    built.close()
    client.transport = ToSandbox()
    client._client = httpx.Client(
        transport=client.transport, headers=built.headers, timeout=60, base_url=built.base_url
    )
    test.addCleanup(client._client.close)
    return client


def public(url):
    """What anyone gets at an address, without a key."""
    return httpx.get(url, trust_env=False, timeout=60)


class Sdk(unittest.TestCase):
    def setUp(self):
        self.client = connect(self)

    def wait(self, job):
        return job.wait(timeout=60, interval=0.05)

    def credits(self):
        return self.client._request("GET", "/get-user-credits").json()

    def failure(self, call, *args, **kwargs):
        with self.assertRaises(SegmindError) as caught:
            call(*args, **kwargs)
        return caught.exception

    def test_it_is_the_version_that_is_meant(self):
        self.assertEqual(version("segmind"), "1.3.0")

    def test_submit_wait_and_download(self):
        job = self.client.submit_async(MODEL, **DRAFT)
        self.assertEqual(job.submit_response["status"], "QUEUED")
        self.assertRegex(job.request_id, "^[0-9a-f]{32}$")
        self.assertIn(job.status()["status"], ("QUEUED", "PROCESSING", "COMPLETED"))
        result = self.wait(job)
        self.assertEqual((result["status"], result["seed"]), ("COMPLETED", 7))
        self.assertAlmostEqual(result["metrics"]["cost"], 0.2813, delta=0.2813 * 0.011)
        video = public(result["output"])
        self.assertEqual(video.headers["content-type"], "video/mp4")
        self.assertEqual(video.content[4:8], b"ftyp")
        self.assertEqual(len(video.content), int(result["video"]["file_size"]))
        self.assertIn("api.segmind.com", self.client.transport.hosts)

    def test_run_waits_by_itself(self):
        result = self.client.run(MODEL, **DRAFT)
        self.assertEqual(result["status"], "COMPLETED")

    def test_run_sync_returns_the_video(self):
        response = self.client.run_sync(MODEL, **DRAFT)
        self.assertEqual(response.content[4:8], b"ftyp")
        self.assertEqual(response.headers["x-seed-value"], "7")
        self.assertGreater(float(response.headers["x-cost"]), 0.28)
        row = self.client.generations.get(response.headers["x-request-id"])
        self.assertEqual(row["model_status"], "COMPLETED")

    def test_a_failed_job_raises_and_bills_nothing(self):
        frame = "https://example.com/frame.png"
        job = self.client.submit_async(MODEL, **DRAFT, first_frame_url=frame, reference_images=[frame])
        with self.assertRaises(InferenceFailed) as caught:
            self.wait(job)
        self.assertIn("exclude each other", caught.exception.detail)
        self.assertEqual(caught.exception.status_body["status"], "FAILED")
        self.assertNotIn("cost", caught.exception.status_body["metrics"])
        self.assertEqual(job.result()["status"], "FAILED")
        row = self.client.generations.get(job.request_id)
        self.assertEqual((row["model_status"], row["credits_deduction"]), ("FAILED", 0))
        self.assertEqual(row["error"], caught.exception.detail)

    def test_refusals_carry_status_and_text(self):
        refused = self.failure(self.client.submit_async, MODEL, prompt="k", resolution="900p")
        self.assertEqual(refused.status, 406)
        self.assertIn("480p, 720p, 1080p or 4k", refused.detail)
        self.assertEqual(self.failure(self.client.submit_async, MODEL).status, 400)
        self.assertEqual(self.failure(self.client.submit_async, "seedance-0", prompt="k").status, 404)
        bad = self.failure(connect(self, "SG_bad").submit_async, MODEL, **DRAFT)
        self.assertEqual(bad.status, 401)
        self.assertIn("API key is invalid", bad.detail)

    def test_an_unknown_id_is_not_found(self):
        job = self.client.submit_async(MODEL, **DRAFT)
        unknown = AsyncJob(
            request_id="0" * 32,
            status_url=job.status_url.replace(job.request_id, "0" * 32),
            response_url=job.response_url.replace(job.request_id, "0" * 32),
            submit_response={},
            _client=self.client,
        )
        for call in (unknown.status, unknown.result):
            error = self.failure(call)
            self.assertEqual((error.status, error.detail), (404, f"Request {'0' * 32} not found"))
        self.assertEqual(self.failure(self.client.generations.get, "0" * 32).status, 404)

    def test_scripted_faults_reach_the_sdk(self):
        limited = self.failure(self.client.submit_async, FAULTY, **DRAFT)
        self.assertEqual(limited.status, 429)
        refused = self.client.submit_async(FAULTY, **DRAFT)
        with self.assertRaises(InferenceFailed) as caught:
            self.wait(refused)
        self.assertIn("OutputVideoSensitiveContentDetected", caught.exception.detail)
        gone = self.client.submit_async(FAULTY, **DRAFT)
        self.assertEqual(self.failure(gone.status).status, 404)
        self.assertEqual(self.wait(self.client.submit_async(FAULTY, **DRAFT))["status"], "COMPLETED")

    def test_the_legacy_poll_is_read_by_the_sdks_poller(self):
        good = self.client.submit_async(MODEL, **DRAFT)
        done = self.client.pixelflows.poll(poll_url=good.submit_response["poll_url"], poll_interval=0.05)
        self.assertEqual(done["status"], "COMPLETED")
        self.assertEqual(public(done["output"]).status_code, 200)
        bad = self.client.submit_async(MODEL, **{**DRAFT, "duration": 7})
        failed = self.client.pixelflows.poll(poll_url=bad.submit_response["poll_url"], poll_interval=0.05)
        self.assertEqual(failed["status"], "FAILED")
        self.assertIn("duration 7", failed["error_message"])

    def test_a_draft_and_its_final(self):
        draft = self.client.submit_async(FINISHABLE, **DRAFT, draft=True)
        name = draft.submit_response["draft_task_id"]
        drawn = self.wait(draft)
        self.assertEqual(drawn["draft_task_id"], name)
        again = self.failure(
            self.client.submit_async, FINISHABLE, draft_task_id=name, resolution="1080p", seed=7
        )
        self.assertEqual(again.status, 406)
        self.assertIn("taken from the draft", again.detail)
        unknown = self.failure(
            self.client.submit_async, FINISHABLE, draft_task_id=f"draft-{'0' * 32}", resolution="1080p"
        )
        self.assertEqual(unknown.status, 406)
        self.assertIn("names no draft", unknown.detail)
        final = self.client.submit_async(FINISHABLE, draft_task_id=name, resolution="1080p")
        self.assertNotIn("draft_task_id", final.submit_response)
        result = self.wait(final)
        self.assertEqual((result["seed"], result["prompt"]), (DRAFT["seed"], DRAFT["prompt"]))
        self.assertGreater(result["metrics"]["cost"], 5 * drawn["metrics"]["cost"])
        self.assertEqual(public(result["output"]).content[4:8], b"ftyp")
        row = self.client.generations.get(final.request_id)
        self.assertEqual(
            json.loads(row["request_body"]), {"draft_task_id": name, "resolution": "1080p"}
        )

    def test_credits_fall_by_what_a_job_costs(self):
        before = self.credits()
        self.assertIn("free-credits", before)
        result = self.wait(self.client.submit_async(MODEL, **DRAFT))
        spent = before["credits"] - self.credits()["credits"]
        self.assertAlmostEqual(spent, result["metrics"]["cost"], places=6)
        self.assertIn("credits", self.client.accounts.current())
        self.assertIn("cloud.segmind.com", self.client.transport.hosts)

    def test_history_lists_and_filters(self):
        job = self.client.submit_async(MODEL, **DRAFT)
        result = self.wait(job)
        row = self.client.generations.get(job.request_id)
        self.assertEqual(row["generation_url"], result["output"])
        self.assertEqual(row["credits_deduction"], result["metrics"]["cost"])
        self.assertIn('"seed":7', row["request_body"])
        today = datetime.datetime.now(datetime.timezone.utc).date()
        page = self.client.generations.history(
            per_page=100,
            from_date=str(today - datetime.timedelta(days=1)),
            to_date=str(today),
            model_name=MODEL,
            status="COMPLETED",
            sort_by="model_created",
            sort_order="desc",
        )
        self.assertIn(row, page["data"])
        too_long = self.failure(self.client.generations.history, from_date="2026-01-01", to_date="2026-03-01")
        self.assertEqual(too_long.status, 400)
        for listed in (self.client.generations.list(), self.client.generations.recent(MODEL)):
            found = [made for made in listed["data"] if made["request_id"] == job.request_id]
            self.assertEqual(found[0]["parameters"], DRAFT)
        self.assertIn("api.spotprod.segmind.com", self.client.transport.hosts)

    def test_upload_keeps_order_and_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder, name) for name in ("a.png", "b.mp4")]
            for path in paths:
                path.write_bytes(path.name.encode() * 1000)
            response = self.client.files.upload(paths)
            self.assertIn("message", response)
            for path, url in zip(paths, response["file_urls"], strict=True):
                got = public(url)
                self.assertEqual(got.content, path.read_bytes())
                self.assertTrue(url.endswith(path.suffix), url)
        self.assertIn("workflows-api.segmind.com", self.client.transport.hosts)

    def test_the_catalogue_names_the_models(self):
        slugs = [entry["slug"] for entry in self.client.models.list()]
        self.assertIn(MODEL, slugs)

    def test_the_books_agree_with_what_the_sdk_was_told(self):
        job = self.client.submit_async(MODEL, **DRAFT)
        result = self.wait(job)
        ledger = httpx.get(f"{ORIGIN}/_sandbox/ledger", trust_env=False).json()
        rows = [row for row in ledger["requests"] if row["request_id"] == job.request_id]
        self.assertEqual(len(rows), 1)
        self.assertEqual(rows[0]["charge"], result["metrics"]["cost"])
        self.assertEqual((rows[0]["body"], rows[0]["handed_out"]), (DRAFT, 1))


if __name__ == "__main__":
    unittest.main()
