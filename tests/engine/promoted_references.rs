//! References of takes that are made from others: a form of one provider is printed at another.

use std::fs::File;
use std::path::Path;

use rushes::engine::Setup;
use rushes::engine::admit::{AdmitError, Order};
use rushes::model::{Backend, Form, Lineage, Take, TakeId};
use rushes::segmind::{Client, Endpoints};

use crate::test_engine::{Stage, form, start_sandbox};

/// Puts one take into the queue that is made from `parent` and goes to the provider of `client`.
async fn made_from(
    stage: &Stage,
    client: &Client,
    backend: Backend,
    form: Form,
    parent: Option<TakeId>,
) -> Result<Take, AdmitError> {
    let seeds = form.seed_list().unwrap().draw(&mut fastrand::Rng::with_seed(1));
    let order = Order {
        parent: parent.map(|parent| (parent, Lineage::Repeated)),
        ..Order::of(&stage.reel.id, backend, form, seeds)
    };
    let setup = Setup {
        client: client.clone(),
        ..stage.setup()
    };
    let ids = setup.admit(order, &|_| {}).await?;
    Ok(stage.store.take(ids[0]).unwrap())
}

fn write_picture(path: &Path) {
    let mut encoder = png::Encoder::new(File::create(path).unwrap(), 320, 320);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![99; 320 * 320]).unwrap();
}

fn url_in(take: &Take) -> String {
    take.body["reference_images"][0].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_that_was_uploaded_elsewhere_is_uploaded_again() {
    let stage = Stage::with_faults("").await;
    let picture = stage.folder.path().join("kite.png");
    write_picture(&picture);
    let form = Form {
        images: vec![picture.to_str().unwrap().to_owned()],
        seeds: "7".into(),
        ..form()
    };
    let here = stage.client();
    let first = made_from(&stage, &here, Backend::Sandbox, form.clone(), None)
        .await
        .unwrap();
    let uploaded = url_in(&first);
    assert!(uploaded.starts_with(&stage.sandbox.origin()), "{uploaded}");
    let again = Form {
        images: vec![uploaded.clone()],
        ..form.clone()
    };

    // At the same provider the same upload serves, whatever became of the file.
    std::fs::rename(&picture, picture.with_extension("old")).unwrap();
    let same = made_from(&stage, &here, Backend::Sandbox, again.clone(), Some(first.id))
        .await
        .unwrap();
    assert_eq!(url_in(&same), uploaded);
    std::fs::rename(picture.with_extension("old"), &picture).unwrap();

    let other = start_sandbox(stage.folder.path().join("other"), "").await;
    let there = stage.client_of(Endpoints::at_one(&other.origin()));
    let printed = made_from(&stage, &there, Backend::Live, again.clone(), Some(first.id))
        .await
        .unwrap();
    assert!(
        url_in(&printed).starts_with(&other.origin()),
        "{}",
        url_in(&printed)
    );
    // Its own form names the file again, for the take that is made from it next.
    let version = printed.revision.unwrap();
    let kept = stage
        .store
        .forms(&stage.reel.id)
        .revision(version)
        .unwrap()
        .unwrap();
    assert_eq!(kept.images, form.images);

    // Another picture under that name is not what the take was made from.
    let mut other_picture = std::fs::read(&picture).unwrap();
    other_picture.extend(b"changed");
    std::fs::write(&picture, other_picture).unwrap();
    let changed = made_from(&stage, &there, Backend::Live, again.clone(), Some(same.id)).await;
    let error = changed.unwrap_err();
    assert!(matches!(error, AdmitError::Unreachable(_)), "{error:?}");
    assert!(
        error.to_string().contains("kite.png, which has changed since"),
        "{error}"
    );

    std::fs::remove_file(&picture).unwrap();
    let gone = made_from(&stage, &there, Backend::Live, again, Some(same.id)).await;
    assert!(matches!(gone, Err(AdmitError::File(_))), "{gone:?}");
    other.stop().await;
}

/// The take may be made again by a program that was started in another folder.
#[tokio::test]
async fn a_file_that_is_named_by_a_relative_path_is_kept_by_its_whole_path() {
    let stage = Stage::with_faults("").await;
    let relative = "tests/pictures/halves.jpg";
    let form = Form {
        images: vec![relative.to_owned()],
        seeds: "7".into(),
        ..form()
    };
    let take = made_from(&stage, &stage.client(), Backend::Sandbox, form, None)
        .await
        .unwrap();
    let forms = stage.store.forms(&stage.reel.id);
    let kept = forms.revision(take.revision.unwrap()).unwrap().unwrap();
    let whole = std::path::absolute(relative).unwrap();
    assert_eq!(kept.images, [whole.to_str().unwrap()]);
}

#[tokio::test]
async fn a_url_of_this_machine_is_not_sent_to_a_provider_elsewhere() {
    let stage = Stage::with_faults("").await;
    let live = stage.client_of(Endpoints::live());
    for field in 0..2 {
        let url = "http://127.0.0.1:4711/assets/kite.png".to_owned();
        let form = match field {
            0 => Form {
                images: vec![url.clone()],
                ..form()
            },
            _ => Form {
                first_frame: url.clone(),
                ..form()
            },
        };
        let refused = made_from(&stage, &live, Backend::Live, form.clone(), None).await;
        let error = refused.unwrap_err();
        assert!(matches!(error, AdmitError::Unreachable(_)), "{error:?}");
        assert!(error.to_string().contains("on this machine"), "{error}");
        // A provider on this machine can read it.
        made_from(&stage, &stage.client(), Backend::Sandbox, form, None)
            .await
            .unwrap();
    }
    assert_eq!(
        stage
            .store
            .count(&rushes::store::Filter::parse("backend:live").unwrap())
            .unwrap(),
        0
    );
}
